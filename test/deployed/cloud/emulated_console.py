"""What MiniStack 1.5.33 lacks of AWS for a stack with the console.

CDK's function that copies the files into their bucket finds neither the layer with its `aws` nor Python's boto3: they are
copied here instead, as that function does.

A distribution of CloudFront reaches no HTTP API.
"""

import fnmatch
import http.client
import io
import mimetypes
import zipfile
from urllib.parse import parse_qs

from ministack import app
from ministack.services import cloudfront, s3
from ministack.services.cloudformation import custom_resource

COPYING = "Custom::CDKBucketDeployment"

invoke = custom_resource.invoke_custom_resource


def invoke_or_copy(request_type, logical_id, props, stack_name, stack_id, resource_type, physical_id=None, **others):
    if resource_type != COPYING:
        return invoke(request_type, logical_id, props, stack_name, stack_id, resource_type, physical_id, **others)
    if request_type != "Delete":
        copy_files(props)
    return physical_id or f"{stack_name}-{logical_id}", {"DestinationBucketArn": props.get("DestinationBucketArn")}


def copy_files(props):
    sources = zip(props["SourceBucketNames"], props["SourceObjectKeys"], strict=True)
    for source, (bucket, key) in enumerate(sources):
        markers = props["SourceMarkers"][source] if "SourceMarkers" in props else {}
        with zipfile.ZipFile(io.BytesIO(s3._get_object_data(bucket, key))) as archive:
            for name in archive.namelist():
                if is_copied(name, props):
                    put(props, name, with_values(archive.read(name), markers))


def is_copied(name, props):
    def matches(kind):
        return any(fnmatch.fnmatch(name, pattern) for pattern in props.get(kind, []))

    return not name.endswith("/") and (matches("Include") or not matches("Exclude"))


def with_values(body, markers):
    for marker, value in markers.items():
        body = body.replace(marker.encode(), value.encode())
    return body


def put(props, name, body):
    kind = mimetypes.guess_type(name)[0] or "binary/octet-stream"
    headers = {"content-type": kind, **props.get("SystemMetadata", {})}
    status, *_ = s3._put_object(props["DestinationBucketName"], name, body, headers)
    if status >= 300:
        raise RuntimeError(f"{name} was not copied: {status}")


custom_resource.invoke_custom_resource = invoke_or_copy

fetch_from_origin = cloudfront._fetch_from_origin


async def fetch_from_api_too(origin, method, uri, query, headers, body, is_https, client, forwarded_for, distribution):
    host = origin["domain_name"]
    if ".execute-api." not in host:
        return await fetch_from_origin(
            origin, method, uri, query, headers, body, is_https, client, forwarded_for, distribution
        )
    sent = cloudfront._origin_request_headers(origin, headers, client, forwarded_for)
    asked = {name.lower(): value for name, value in sent.items()}
    parameters = parse_qs(query, keep_blank_values=True)
    status, answered, data = await app._handle_execute_api_request(
        host, uri, method, asked, body, parameters, raw_path=uri, raw_query_string=query
    )
    return status, http.client.responses.get(status, ""), cloudfront._multidict_from_pairs(answered.items()), data


cloudfront._fetch_from_origin = fetch_from_api_too
