"""Serves MiniStack at the address (host:port) that is its only argument.

For a batch of SQS, IAM asks for the right of the single call (Service Authorization Reference, "Actions, resources, and
condition keys for Amazon SQS"). MiniStack 1.5.33 asks for one that is called like the batch, which IAM does not have.
"""

import asyncio
import sys

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app
from ministack.core import iam_actions

KEEP_ALIVE_SECONDS = 75

action_of_request = iam_actions.extract_iam_action


def right_of_request(*args, **kwargs):
    action = action_of_request(*args, **kwargs)
    return action.removesuffix("Batch") if action and action.startswith("sqs:") else action


iam_actions.extract_iam_action = right_of_request

config = Config()
config.bind = [sys.argv[1]]
config.keep_alive_timeout = KEEP_ALIVE_SECONDS
asyncio.run(serve(app, config))
