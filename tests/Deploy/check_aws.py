"""AWS Batch, ECS and EventBridge Scheduler definitions against the service models that botocore carries, and against Etl's own demands."""
import json
import pathlib
import sys

import botocore.session
from botocore.validate import ParamValidator

deploy = pathlib.Path(__file__).resolve().parents[2] / "deploy"
session = botocore.session.get_session()
failures = []


def check(path, service, operation, demands):
    definition = json.loads((deploy / path).read_text())
    shape = session.get_service_model(service).operation_model(operation).input_shape
    report = ParamValidator().validate(definition, shape)
    if report.has_errors():
        failures.append(f"{path}: {report.generate_report()}")
    try:
        failures.extend(f"{path}: {what}" for what, holds in demands(definition).items() if not holds)
    except KeyError as e:
        failures.append(f"{path}: {e} is missing")
    if any(word in (deploy / path).read_text() for word in ("AWS_ACCESS_KEY", "AWS_SECRET", "private_key")):
        failures.append(f"{path}: no static keys")


check("aws-batch/job-definition.json", "batch", "RegisterJobDefinition", lambda d: {
    "not root": d["containerProperties"]["user"].split(":")[0] not in ("0", "root"),
    "a root file system that is only read": d["containerProperties"]["readonlyRootFilesystem"],
    "a role for the job": d["containerProperties"]["jobRoleArn"],
    "exit codes that no retry helps end the job": {r.get("onExitCode") for r in d["retryStrategy"]["evaluateOnExit"] if r["action"] == "EXIT"} == {"2", "4", "70"},
})
check("ecs/task-definition.json", "ecs", "RegisterTaskDefinition", lambda d: {
    "not root": d["containerDefinitions"][0]["user"].split(":")[0] not in ("0", "root"),
    "a root file system that is only read": d["containerDefinitions"][0]["readonlyRootFilesystem"],
    "no capability": d["containerDefinitions"][0]["linuxParameters"]["capabilities"]["drop"] == ["ALL"],
    "a role for the task": d["taskRoleArn"],
})
check("ecs/schedule.json", "scheduler", "CreateSchedule", lambda d: {
    "the task definition of this folder": d["Target"]["EcsParameters"]["TaskDefinitionArn"].endswith("/etl-orders"),
})

for failure in failures:
    print(failure, file=sys.stderr)
sys.exit(1 if failures else 0)
