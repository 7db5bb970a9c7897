# The requests that VeriSwarm's customers make, with the host and the token changed.
curl -X POST "$BASE/v1/public/providers/webhooks" -H "x-account-access-token: $TOKEN" -H "Content-Type: application/json" \
  -d '{"label": "Score Change Alerts", "callback_url": "https://api.example.com/webhooks/veriswarm", "event_types": ["agent.scored", "agent.tier.changed", "agent.killed"]}'
curl "$BASE/v1/public/providers/webhooks" -H "x-account-access-token: $TOKEN"
curl "$BASE/v1/public/providers/webhooks/deliveries?limit=50" -H "x-account-access-token: $TOKEN"
curl "$BASE/v1/public/providers/webhooks/deliveries?webhook_id=$ID&limit=50" -H "x-account-access-token: $TOKEN"
curl -X POST "$BASE/v1/public/providers/webhooks/deliveries/$DELIVERY/retry" -H "x-account-access-token: $TOKEN"
curl -X POST "$BASE/v1/public/providers/webhooks/retries/run?limit=100" -H "x-account-access-token: $TOKEN"
curl "$BASE/v1/public/providers/webhooks/retries/summary" -H "x-account-access-token: $TOKEN"
curl -X POST "$BASE/v1/public/providers/webhooks/$ID/rotate-secret" -H "x-account-access-token: $TOKEN"
curl -X POST "$BASE/v1/public/providers/webhooks/$ID/test" -H "x-account-access-token: $TOKEN"
curl -X POST "$BASE/v1/public/providers/webhooks/$ID/revoke" -H "x-account-access-token: $TOKEN"
