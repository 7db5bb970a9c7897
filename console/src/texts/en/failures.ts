// What a failed attempt means, and what whoever runs the receiver can do about it.

export interface Failure {
  title: string;
  means: string;
}

/** By the kind of error, where there was no answer. */
const BY_KIND: Readonly<Record<string, Failure>> = {
  timeout: {
    title: 'Your server did not answer in time',
    means:
      'The request arrived, or was on its way, and no whole answer came before the time limit. Answer first and do the work afterwards; a queue of your own is the usual way.',
  },
  dns: {
    title: 'The name of your server can’t be resolved',
    means:
      'Its DNS has no address for the host of the URL. Check the spelling of the URL, and whether the record still exists.',
  },
  refused: {
    title: 'Your server refused the connection',
    means:
      'Nothing listens on this port, or a firewall turns us away. Check that the service runs, and that it can be reached from the internet.',
  },
  reset: {
    title: 'The connection broke off',
    means:
      'It was closed before the answer was complete. Often a proxy or a load balancer restarts, or closes idle connections too early.',
  },
  tls: {
    title: 'No secure connection could be made',
    means:
      'The certificate is expired, for another name, incomplete, or not trusted. Renew it, and serve the whole chain.',
  },
  blocked_address: {
    title: 'This address is not allowed',
    means:
      'The name leads to a private or reserved address, which requests must not go to. Use an address of the public internet.',
  },
  invalid_response: {
    title: 'The answer was not valid HTTP',
    means:
      'Something answered, and it was not a web server, or a broken one. Check the port and the protocol of the URL.',
  },
  redirect: {
    title: 'Your server redirects to another place',
    means:
      'Redirects are not followed, so that nobody can lead your data elsewhere. Set the URL of the endpoint to where it ends.',
  },
  network: {
    title: 'The network failed',
    means: 'The request did not get through. It is usually over soon, and needs nothing of you.',
  },
};

/** By the status of the answer; the nearest one counts: 404, then 4xx. */
const BY_STATUS: Readonly<Record<string, Failure>> = {
  '400': {
    title: 'Your server called the request wrong',
    means:
      'It could not read the body, or a check of its own failed. Compare the request with what it expects; the answer often says more.',
  },
  '401': {
    title: 'Your server did not accept who we are',
    means:
      'It asks for a credential that this endpoint does not send, or an old one. Check its authentication, and whether the signing secret was rotated.',
  },
  '403': {
    title: 'Your server forbids the request',
    means:
      'A firewall, a bot check or a rule of its own turned it away, or the signature did not match. Let the request through, and check the secret.',
  },
  '404': {
    title: 'There is nothing at this URL',
    means:
      'The server was reached, and knows no such path. Check the path of the URL, and whether the handler is deployed.',
  },
  '405': {
    title: 'Your server takes no POST here',
    means: 'Webhooks are POST requests. Check the path, and that the route is one for POST.',
  },
  '408': { title: 'Your server gave up waiting', means: 'It is probably overloaded.' },
  '410': {
    title: 'Your server said that it is gone',
    means: 'It wants no more events. If that was a mistake, fix it and enable the endpoint again.',
  },
  '413': {
    title: 'The body is too large for your server',
    means: 'Raise the limit of the body in the server, or in the proxy before it.',
  },
  '415': {
    title: 'Your server does not take this type',
    means: 'The body is JSON: let the route accept application/json.',
  },
  '429': {
    title: 'Your server asks us to be slower',
    means: 'A rate limit was met. We wait as long as it asks; a rate limit on the endpoint keeps it from happening.',
  },
  '500': {
    title: 'Your server failed',
    means: 'Its own code failed on this request. Its log says why.',
  },
  '502': {
    title: 'A proxy could not reach your server',
    means: 'It is down, or restarting behind its proxy. There is nothing to change here.',
  },
  '503': {
    title: 'Your server can’t serve right now',
    means: 'It is starting, overloaded, or behind a proxy without a healthy backend. There is nothing to change here.',
  },
  '504': {
    title: 'A proxy waited too long for your server',
    means: 'The server took longer than its proxy allows. Answer first and do the work afterwards.',
  },
  '3': BY_KIND['redirect'] as Failure,
  '4': {
    title: 'Your server refused the request',
    means: 'It was reached and did not take it. The answer often says why.',
  },
  '5': { title: 'Your server failed', means: 'Its own log says why.' },
};

const OTHER: Failure = { title: 'It did not arrive', means: 'No more is known of it.' };

export function failureOf(kind: string | null, status: number | null): Failure {
  const ofStatus = status === null ? undefined : (BY_STATUS[status] ?? BY_STATUS[String(status)[0] as string]);
  return ofStatus ?? (kind === null ? undefined : BY_KIND[kind]) ?? OTHER;
}
