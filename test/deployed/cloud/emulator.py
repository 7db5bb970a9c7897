"""Serves MiniStack at the address (host:port) that is its only argument, until its stdin ends: with its parent, however
that ends. See emulated_console.py and emulated_mail.py, too.

For a batch of SQS, IAM asks for the right of the single call (Service Authorization Reference, "Actions, resources, and
condition keys for Amazon SQS"). MiniStack 1.5.33 asks for one that is called like the batch, which IAM does not have.

It also makes a table anew at any change of an AWS::DynamoDB::GlobalTable: its update is not told the logical id, by which
it would know the table again.

It does not know the encryption context of a call of KMS as a condition, nor the attributes that the expressions of a
write name: `dynamodb:Attributes` has those of a projection alone.

It has no saved queries of CloudWatch Logs (AWS::Logs::QueryDefinition): one that is created is a name, and no more.

And it reads an expression anew for each item that the expression is held against: a query of a partition with thousands
of items took seconds on a busy machine, longer than the functions wait.
"""

import asyncio
import json
import os
import re
import signal
import sys
import threading
from functools import lru_cache

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app
from ministack.core import iam_actions
from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

# They change MiniStack.
import emulated_console  # noqa: F401
import emulated_mail  # noqa: F401

KEEP_ALIVE_SECONDS = 75

# Of AWS::DynamoDB::GlobalTable alone, not of AWS::DynamoDB::Table.
GLOBAL_PROPERTIES = {
    "Replicas",
    "MultiRegionConsistency",
    "GlobalTableWitnesses",
    "GlobalTableSourceArn",
    "WarmThroughput",
    "WriteOnDemandThroughputSettings",
    "ReadOnDemandThroughputSettings",
    "WriteProvisionedThroughputSettings",
    "ReadProvisionedThroughputSettings",
}

action_of_request = iam_actions.extract_iam_action


def right_of_request(*args, **kwargs):
    action = action_of_request(*args, **kwargs)
    return action.removesuffix("Batch") if action and action.startswith("sqs:") else action


iam_actions.extract_iam_action = right_of_request


context_of_dynamodb = iam_actions.dynamodb_service_context
context_of_tags = iam_actions.request_tag_context
# The first of a path: what follows a dot belongs to it.
ATTRIBUTE = re.compile(r"(?<![.\w])#\w+")


def context_with_attributes(body):
    request = json.loads(body or b"{}")
    names = request.get("ExpressionAttributeNames") or {}
    expressions = " ".join(request.get(name) or "" for name in ("UpdateExpression", "ConditionExpression"))
    named = [names.get(one, one) for one in ATTRIBUTE.findall(expressions)]
    key = list(request.get("Key") or {}) if named else []
    context = context_of_dynamodb(body)
    attributes = sorted({*context.get("dynamodb:Attributes", []), *named, *key})
    return {**context, **({"dynamodb:Attributes": attributes} if attributes else {})}


def context_with_encryption(service, iam_action, body, params):
    context = context_of_tags(service, iam_action, body, params)
    if service != "kms":
        return context
    pairs = json.loads(body or b"{}").get("EncryptionContext") or {}
    return {**context, **{f"kms:EncryptionContext:{name}": value for name, value in pairs.items()}}


iam_actions.dynamodb_service_context = context_with_attributes
iam_actions.request_tag_context = context_with_encryption


def update_global_table(physical_id, before, after, stack_name, logical_id):
    own = {name: value for name, value in after.items() if name not in GLOBAL_PROPERTIES}
    return provisioners._ddb_update(physical_id, before, own, stack_name, logical_id)


provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::GlobalTable"].update(
    update=update_global_table, update_with_logical_id=True
)

provisioners._RESOURCE_HANDLERS["AWS::Logs::QueryDefinition"] = {
    "create": lambda logical_id, properties, stack_name: (f"{stack_name}-{logical_id}", {}),
    "update": lambda physical_id, before, after, stack_name: (physical_id, {}),
    "delete": lambda physical_id, properties: None,
}

KEPT_EXPRESSIONS = 1000


def kept(of_expression):
    return lru_cache(KEPT_EXPRESSIONS)(of_expression)


def kept_by_tokens(check):
    answers = kept(check)
    return lambda tokens, *args: answers(tuple(tokens), *args)


tokens_of = kept(lambda expression, read=dynamodb._tokenize: tuple(read(expression)))
dynamodb._tokenize = lambda expression: list(tokens_of(expression))
dynamodb._condition_syntax_error = kept(dynamodb._condition_syntax_error)
dynamodb._check_redundant_parens = kept_by_tokens(dynamodb._check_redundant_parens)
dynamodb._check_reserved_keyword_usage = kept_by_tokens(dynamodb._check_reserved_keyword_usage)


def end_with_parent():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_parent, daemon=True).start()

config = Config()
config.bind = [sys.argv[1]]
config.keep_alive_timeout = KEEP_ALIVE_SECONDS
asyncio.run(serve(app, config))
