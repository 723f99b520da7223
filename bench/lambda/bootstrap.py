"""The Runtime API's loop, as awslambdaric has it, around handler.py."""
import json
import os
import urllib.request

import handler

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation/"

while True:
    with urllib.request.urlopen(API + "next") as event:
        request, payload = event.headers["Lambda-Runtime-Aws-Request-Id"], json.load(event)
    try:
        path, answer = "response", handler.handler(payload)
    except Exception as error:
        path, answer = "error", {"errorType": type(error).__name__, "errorMessage": str(error)}
    urllib.request.urlopen(urllib.request.Request(f"{API}{request}/{path}", json.dumps(answer).encode(), {"Content-Type": "application/json"})).close()
