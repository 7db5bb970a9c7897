/** A public address to the deployment's strict egress; here it is an address of this network, or stands for loopback. */
export const RECEIVER_IP = '93.184.216.34';

/** Set where {@link RECEIVER_IP} can't be an address of this network: a function's connections to it go to loopback. */
export const RECEIVERS_ON_LOOPBACK = 'POSTRIDER_TEST_RECEIVERS_ON_LOOPBACK';
