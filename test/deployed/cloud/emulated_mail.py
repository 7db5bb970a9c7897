"""What MiniStack 1.5.33 lacks of IAM for SES.

It asks for the right to mail on every identity, and does not know the sender as a condition. IAM asks for it on the identity
that SES has verified, here the sender's domain ("Actions, resources, and condition keys for Amazon Simple Email Service v2").
"""

import json

from ministack import app
from ministack.core.responses import get_account_id

SENDING = "/outbound-emails"

enforce = app._enforce_ses_v2


def enforce_on_identity(method, path, headers, body, query_params, request_id):
    if method != "POST" or not path.endswith(SENDING):
        return enforce(method, path, headers, body, query_params, request_id)
    sender = json.loads(body or b"{}").get("FromEmailAddress", "")
    region = app.extract_region(headers, query_params)
    identity = f"arn:aws:ses:{region}:{get_account_id()}:identity/{sender.rpartition('@')[2]}"
    return app._enforce_data_plane(
        "sesv2",
        "ses:SendEmail",
        headers,
        query_params,
        request_id,
        resource_arn=identity,
        service_context={"ses:FromAddress": sender},
        named_resource=identity,
    )


app._enforce_ses_v2 = enforce_on_identity
