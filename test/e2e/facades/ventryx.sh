# The requests that Ventryx's customers make, with the host and the key changed.
curl -X POST "$BASE/v1/webhooks" -H "Authorization: Bearer $VENTRYX_API_KEY" -H "Content-Type: application/json" \
  -d '{"url": "https://yourapp.com/webhooks/ventryx", "events": ["workflow.completed", "approval.requested", "api_key.revoked"]}'
curl -X POST "$BASE/v1/webhooks" -H "Authorization: Bearer $VENTRYX_API_KEY" -H "Content-Type: application/json" \
  -d '{"url": "https://yourapp.com/webhooks/ventryx", "events": ["*"]}'
