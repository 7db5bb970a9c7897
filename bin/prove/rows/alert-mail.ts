import { Skip } from '../deployment.ts';
import { type Proof, verdict } from '../row.ts';

const PATH = '/v1/alerts/mail';
/** SES takes what is sent there, in its sandbox too, and no person gets it ("Using the mailbox simulator manually"). */
const SIMULATOR = 'success@simulator.amazonses.com';

export const alertMail: Proof = {
  name: 'alert-mail',
  claim: 'SES takes mails of alerts: the right to one identity and sender is enough',
  async prove(deployment) {
    const { available } = await deployment.call(200, 'GET', PATH);
    if (!available) throw new Skip('the deployment sends no mail: deploy with alertMail');
    const { status } = await deployment.call(200, 'PUT', PATH, { address: SIMULATOR });
    await deployment.call(200, 'DELETE', PATH);
    return verdict(status === 'unconfirmed', `SES took a code for ${SIMULATOR}; the address is ${status}`);
  },
};
