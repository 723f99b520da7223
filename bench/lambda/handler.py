"""What a Python function would do for the same job: new CSV objects of a bucket to Cloud Storage, and one BigQuery load job; keyless. Only boto3 and the standard library.

It is kinder to itself than Etl is: no ledger, no lease, no types of its own (the load job's schema is given), no dead letters.
"""
import csv
import gzip
import io
import json
import os
import urllib.parse
import urllib.request
import uuid

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

WIF = json.load(open(os.environ["GOOGLE_WIF_CONFIG"]))
GCS = os.environ.get("STORAGE_EMULATOR_HOST", "https://storage.googleapis.com")
BIGQUERY = os.environ.get("BIGQUERY_EMULATOR_HOST", "https://bigquery.googleapis.com")
session = boto3.Session()
s3 = session.client("s3")
token = None


def post(url, body, headers):
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return json.load(answer)


def google_token():
    region = os.environ["AWS_REGION"]
    url = WIF["credential_source"]["regional_cred_verification_url"].replace("{region}", region)
    request = AWSRequest("POST", url, headers={"x-goog-cloud-target-resource": WIF["audience"]})
    SigV4Auth(session.get_credentials().get_frozen_credentials(), "sts", region).add_auth(request)
    request.headers["host"] = urllib.parse.urlparse(url).netloc
    proof = {"url": url, "method": "POST", "headers": [{"key": k, "value": v} for k, v in request.headers.items()]}
    federated = post(WIF["token_url"], urllib.parse.urlencode({
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": WIF["audience"],
        "scope": "https://www.googleapis.com/auth/cloud-platform",
        "subject_token_type": WIF["subject_token_type"],
        "subject_token": urllib.parse.quote(json.dumps(proof)),
    }).encode(), {"Content-Type": "application/x-www-form-urlencoded"})["access_token"]
    return post(WIF["service_account_impersonation_url"], json.dumps({"scope": ["https://www.googleapis.com/auth/cloud-platform"]}).encode(),
                {"Authorization": "Bearer " + federated, "Content-Type": "application/json"})["accessToken"]


def handler(event):
    global token
    token = token or google_token()
    auth = {"Authorization": "Bearer " + token}
    bucket, key = event["bucket"], event["key"]
    rows, out = 0, io.BytesIO()
    with gzip.open(out, "wt", newline="", compresslevel=6) as packed:
        writer = csv.writer(packed)
        reader = csv.reader(io.TextIOWrapper(s3.get_object(Bucket=bucket, Key=key)["Body"], "utf-8", newline=""))
        header = next(reader)
        for row in reader:
            writer.writerow(row)
            rows += 1
    name = "python/" + uuid.uuid4().hex + ".csv.gz"
    post(f"{GCS}/upload/storage/v1/b/{event['staging']}/o?uploadType=media&name={urllib.parse.quote(name, '')}", out.getvalue(), {**auth, "Content-Type": "application/octet-stream"})
    project = event["project"]
    job = post(f"{BIGQUERY}/bigquery/v2/projects/{project}/jobs", json.dumps({
        "jobReference": {"projectId": project, "jobId": uuid.uuid4().hex},
        "configuration": {"load": {
            "sourceUris": [f"gs://{event['staging']}/{name}"], "sourceFormat": "CSV",
            "destinationTable": {"projectId": project, "datasetId": event["dataset"], "tableId": "python"},
            "schema": {"fields": [{"name": h, "type": "STRING"} for h in header]},
        }}}).encode(), {**auth, "Content-Type": "application/json"})
    while job["status"]["state"] != "DONE":
        reference = job["jobReference"]
        with urllib.request.urlopen(urllib.request.Request(f"{BIGQUERY}/bigquery/v2/projects/{project}/jobs/{reference['jobId']}", headers=auth)) as answer:
            job = json.load(answer)
    if "errorResult" in job["status"]:
        raise RuntimeError(job["status"]["errorResult"])
    return {"rows": rows}
