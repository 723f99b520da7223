// What the stand-in providers say of resources: in the services' own forms, as the providers' documentation describes each attribute.

const account = '123456789012';
const region = 'ap-northeast-1';
const projectNumber = '123456789';
const arn = (service, rest) => `arn:aws:${service}:${region}:${account}:${rest}`;

const forms = {
  aws_caller_identity: { account_id: () => account },
  aws_partition: { partition: () => 'aws', dns_suffix: () => 'amazonaws.com' },
  aws_region: { region: () => region },
  aws_iam_policy_document: { json: policy },
  aws_iam_role: { arn: r => `arn:aws:iam::${account}:role/${r.name}`, id: r => r.name },
  aws_sqs_queue: { arn: r => arn('sqs', r.name), url: r => `https://sqs.${region}.amazonaws.com/${account}/${r.name}` },
  aws_lambda_function: { arn: r => arn('lambda', `function:${r.function_name}`) },
  aws_cloudwatch_log_group: { arn: r => arn('logs', `log-group:${r.name}`) },
  aws_ecs_cluster: { arn: r => arn('ecs', `cluster/${r.name}`) },
  aws_ecs_task_definition: { arn: r => arn('ecs', `task-definition/${r.family}:1`), arn_without_revision: r => arn('ecs', `task-definition/${r.family}`) },
  aws_cloudwatch_event_rule: { arn: r => arn('events', `rule/${r.name}`) },
  google_iam_workload_identity_pool: { name: r => `projects/${projectNumber}/locations/global/workloadIdentityPools/${r.workload_identity_pool_id}` },
  google_iam_workload_identity_pool_provider: { name: r => `projects/${projectNumber}/locations/global/workloadIdentityPools/${r.workload_identity_pool_id}/providers/${r.workload_identity_pool_provider_id}` },
  google_service_account: {
    email: r => `${r.account_id}@${r.project}.iam.gserviceaccount.com`,
    member: r => `serviceAccount:${r.account_id}@${r.project}.iam.gserviceaccount.com`,
    name: r => `projects/${r.project}/serviceAccounts/${r.account_id}@${r.project}.iam.gserviceaccount.com`,
  },
};

/** The attribute of a resource; null where nothing of ours asks for it. */
export const madeUp = (type, name, resource) => forms[type]?.[name]?.(resource) ?? null;

// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
function policy({ statement }) {
  const one = list => (list.length === 1 ? list[0] : list);
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statement.map(({ sid, effect, actions, resources, principals, condition }) => ({
      ...(sid ? { Sid: sid } : {}),
      Effect: effect ?? 'Allow',
      ...(principals?.length ? { Principal: principals[0].type === '*' ? '*' : Object.fromEntries(principals.map(p => [p.type, one(p.identifiers)])) } : {}),
      Action: one(actions),
      ...(resources ? { Resource: one(resources) } : {}),
      ...(condition?.length ? { Condition: conditions(condition, one) } : {}),
    })),
  });
}

function conditions(all, one) {
  const result = {};
  for (const { test, variable, values } of all) (result[test] ??= {})[variable] = one(values);
  return result;
}
