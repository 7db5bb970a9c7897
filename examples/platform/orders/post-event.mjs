/**
 * Tells Postrider what became of an order. The key makes a repeated call the same event, so whoever gets no answer calls
 * again.
 * @param {{ url: string, key: string }} api
 * @param {{ id: string, customer: string, status: string }} order
 * @returns {Promise<{ id: string, deliveries: number }>} the accepted event
 */
export async function postEvent({ url, key }, { id, customer, status }) {
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'postrider-tenant': encodeURIComponent(customer),
      'idempotency-key': `order-${id}-${status}`,
    },
    body: JSON.stringify({ type: `order.${status}`, data: { id, status } }),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status === 202) return response.json();
  throw new Error(`Postrider answered ${response.status}: ${await response.text()}`);
}
