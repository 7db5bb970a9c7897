/**
 * A key pair that guards nothing: the TLS servers that stand for customers of the deployed stack's tests use it. It is
 * written down because several processes share it; all other tests make their own (certificates.ts).
 */
export const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQxl6YJr8u1lp66AG
tD+nrE/TKkO0GMbK1yNycWTvOmahRANCAASehbhO6D8aM4USLafP+b89FyPdzX1W
idYYcUqE7QqC2j2mFxcS/wPsb8QQo4i45U68MvY43/WH047ExaTX2608
-----END PRIVATE KEY-----`;

/** From 2020 to 2120, for 93.184.216.34: where the customers of the deployed stack's tests are. */
export const PUBLIC_ADDRESS_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBRzCB7aADAgECAgEDMAoGCCqGSM49BAMCMBkxFzAVBgNVBAMMDlBvc3RyaWRl
ciB0ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAZMRcwFQYD
VQQDDA5Qb3N0cmlkZXIgdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJ6F
uE7oPxozhRItp8/5vz0XI93NfVaJ1hhxSoTtCoLaPaYXFxL/A+xvxBCjiLjlTrwy
9jjf9YfTjsTFpNfbrTyjJDAiMA8GA1UdEQQIMAaHBF242CIwDwYDVR0TAQH/BAUw
AwEB/zAKBggqhkjOPQQDAgNJADBGAiEA4H8Z5nCoM0+woQTrnEk0Y5iN1BGSzKB1
oGenI+qUkCwCIQDJb8W2YZbSn6LDU8P2McNtoUv+8FYvzFI2nuCg6p4How==
-----END CERTIFICATE-----`;
