// Kubernetes and Cloud Run definitions as literals of their published TypeScript types, where a wrong or unknown member is an error; Step Functions by its validator.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import validate from "asl-validator";
import { parse, parseAllDocuments } from "yaml";

const deploy = join(import.meta.dirname, "../../deploy");
const read = (path) => readFileSync(join(deploy, path), "utf8");
const failures = [];
const demand = (path, what, holds) => holds || failures.push(`${path}: ${what}`);

const kinds = { ServiceAccount: ["core/v1", "ServiceAccount"], Role: ["rbac/v1", "Role"], RoleBinding: ["rbac/v1", "RoleBinding"], CronJob: ["batch/v1", "CronJob"], Job: ["batch/v1", "Job"] };
const documents = parseAllDocuments(read("kubernetes/etl.yaml")).map((d) => (d.errors.forEach((e) => failures.push(e.message)), d.toJS()));
const lines = documents.map((d, i) => `export const k${i}: import("kubernetes-types/${kinds[d.kind][0]}").${kinds[d.kind][1]} = ${JSON.stringify(d)};`);

const job = JSON.parse(read("cloud-run/job.json"));
lines.push(`export const job: import("@googleapis/run").run_v2.Schema$GoogleCloudRunV2Job = ${JSON.stringify(job)};`);
const workflow = parse(read("cloud-run/workflow.yaml"));
const calls = workflow.main.steps.flatMap((s) => Object.values(s)).filter((s) => s.call);
for (const [i, step] of calls.entries()) {
  demand("cloud-run/workflow.yaml", "runs the job", step.call === "googleapis.run.v2.projects.locations.jobs.run");
  const overrides = { ...step.args.body.overrides };
  if (overrides.taskCount === "${tasks}") overrides.taskCount = 20;
  lines.push(`export const run${i}: import("@googleapis/run").run_v2.Schema$GoogleCloudRunV2RunJobRequest = ${JSON.stringify({ ...step.args.body, overrides })};`);
}

const folder = mkdtempSync(join(import.meta.dirname, "types-"));
try {
  writeFileSync(join(folder, "definitions.ts"), lines.join("\n"));
  execFileSync(join(import.meta.dirname, "node_modules/.bin/tsc"), ["--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022", join(folder, "definitions.ts")], { encoding: "utf8" });
} catch (e) {
  failures.push(e.stdout ?? e.message);
} finally {
  rmSync(folder, { recursive: true });
}

// What Etl asks of every pod.
const pods = documents.filter((d) => d.kind === "CronJob").map((d) => d.spec.jobTemplate.spec.template.spec);
for (const pod of pods) {
  demand("kubernetes/etl.yaml", "no pod runs as root", pod.securityContext.runAsNonRoot === true && pod.securityContext.runAsUser > 0 && pod.securityContext.seccompProfile.type === "RuntimeDefault");
  for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
    const { readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities } = container.securityContext;
    demand("kubernetes/etl.yaml", `${container.name}: a root file system that is only read, no privileges`, readOnlyRootFilesystem && allowPrivilegeEscalation === false && capabilities.drop[0] === "ALL");
    for (const mount of container.volumeMounts) demand("kubernetes/etl.yaml", `${container.name}: the volume ${mount.name} is there`, pod.volumes.some((v) => v.name === mount.name));
  }
}
const [tasks, run] = documents.filter((d) => d.kind === "CronJob").map((d) => d.spec.jobTemplate.spec);
const of = (args) => args[args.indexOf("--of") + 1];
demand("kubernetes/etl.yaml", "as many tasks as --of says", String(tasks.completions) === of(tasks.template.spec.containers[0].args) && of(run.template.spec.containers[0].args) === of(tasks.template.spec.containers[0].args));
demand("kubernetes/etl.yaml", "no static keys", !/AWS_(ACCESS|SECRET)|private_key/.test(read("kubernetes/etl.yaml")));

const machine = JSON.parse(read("step-functions/state-machine.asl.json"));
const verdict = validate(machine);
demand("step-functions/state-machine.asl.json", JSON.stringify(verdict.errorsText?.() ?? verdict.errors), verdict.isValid);
demand("step-functions/state-machine.asl.json", "a distributed map", machine.States.Stage.ItemProcessor.ProcessorConfig.Mode === "DISTRIBUTED");

failures.forEach((f) => console.error(f));
process.exit(failures.length ? 1 : 0);
