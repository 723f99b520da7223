// Prints, as JSON, whom a Terraform file or module lets do what: `node trust.mjs PATH VALUES`, with the values of variables and
// of what the clouds say ({"var.name": "etl-orders"}). So the module that is shipped can be held beside what `etl auth setup` writes.
import hcl2json from '@cdktf/hcl2json';
import { blocksOf } from './hcl.mjs';

const blocks = await blocksOf(process.argv[2]);
const values = JSON.parse(process.argv[3]);
const of = (type, kind = 'resource') => blocks.filter(block => block.kind === kind && block.labels[0] === type).map(block => block.body);

const provider = of('google_iam_workload_identity_pool_provider')[0];
const binding = of('google_service_account_iam_member')[0];
const grants = ['google_storage_bucket_iam_member', 'google_project_iam_member', 'google_bigquery_dataset_iam_member'];
console.log(JSON.stringify(await evaluate({
  apis: of('google_project_service')[0].for_each,
  keptApis: of('google_project_service')[0].disable_on_destroy,
  pool: of('google_iam_workload_identity_pool')[0].workload_identity_pool_id,
  provider: provider.workload_identity_pool_provider_id,
  mapping: provider.attribute_mapping,
  condition: provider.attribute_condition,
  account: provider.aws[0].account_id,
  serviceAccount: of('google_service_account')[0].account_id,
  binding: [binding.service_account_id, binding.role, binding.member],
  grants: grants.flatMap(type => of(type).map(({ bucket, project, dataset_id, role, member }) => [type, bucket, project, dataset_id, role, member])),
})));

/** The value, with plain references filled in. What takes more than that is an error, so nothing is compared that was not understood. */
async function evaluate(value) {
  if (Array.isArray(value)) return Promise.all(value.map(evaluate));
  if (value && typeof value === 'object') return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, inner]) => [key, await evaluate(inner)])));
  if (typeof value !== 'string') return value;
  const set = value.match(/^\$\{toset\(([^]*)\)\}$/);
  if (set) return evaluate((await hcl2json.parse('set', `value = ${set[1]}`)).value);
  let text = '';
  let end = 0;
  for (const match of value.matchAll(/\$\$\{|(?<!\$)\$\{([^}]*)\}/g)) {
    text += value.slice(end, match.index) + (match[1] === undefined ? '${' : await lookUp(match[1]));
    end = match.index + match[0].length;
  }
  return text + value.slice(end);
}

async function lookUp(reference) {
  if (reference in values) return values[reference];
  const [type, name, attribute] = reference.split('.');
  const body = type === 'local' ? blocks.find(block => block.kind === 'locals' && name in block.body)?.body[name]
    : blocks.find(block => block.kind === 'resource' && block.labels.join('.') === `${type}.${name}`)?.body[attribute];
  if (body === undefined) throw new Error(`The value of ${reference} is not given.`);
  return evaluate(body);
}
