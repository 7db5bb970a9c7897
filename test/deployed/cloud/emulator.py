"""Serves MiniStack at the address (host:port) that is its only argument.

For a batch of SQS, IAM asks for the right of the single call (Service Authorization Reference, "Actions, resources, and
condition keys for Amazon SQS"). MiniStack 1.5.33 asks for one that is called like the batch, which IAM does not have.

It also makes a table anew at any change of an AWS::DynamoDB::GlobalTable: its update is not told the logical id, by which
it would know the table again.
"""

import asyncio
import sys

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app
from ministack.core import iam_actions
from ministack.services.cloudformation import provisioners

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


def update_global_table(physical_id, before, after, stack_name, logical_id):
    own = {name: value for name, value in after.items() if name not in GLOBAL_PROPERTIES}
    return provisioners._ddb_update(physical_id, before, own, stack_name, logical_id)


provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::GlobalTable"].update(
    update=update_global_table, update_with_logical_id=True
)

config = Config()
config.bind = [sys.argv[1]]
config.keep_alive_timeout = KEEP_ALIVE_SECONDS
asyncio.run(serve(app, config))
