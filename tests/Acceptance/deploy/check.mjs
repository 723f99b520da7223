// Checks Terraform modules against the providers' schemas: `node check.mjs PATH...`, each a .tf file or a module's folder.
// Prints what is wrong, a line each, and exits with 1; prints what it looked at when nothing is.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkBlock } from './arguments.mjs';
import { blocksOf } from './hcl.mjs';
import { checkExample, checkReferences } from './names.mjs';

const { provider_schemas } = JSON.parse(await readFile(join(import.meta.dirname, 'schemas.json'), 'utf8'));
const schemas = { resource: {}, data: {} };
for (const provider of Object.values(provider_schemas)) {
  Object.assign(schemas.resource, provider.resource_schemas);
  Object.assign(schemas.data, provider.data_source_schemas);
}

let wrong = 0;
for (const path of process.argv.slice(2)) {
  const blocks = await blocksOf(path).catch(error => (report(path, error.message), []));
  for (const { kind, labels, body, file } of blocks) {
    if (!(kind in schemas)) continue;
    const schema = schemas[kind][labels[0]];
    if (schema) for (const problem of checkBlock(schema.block, body)) report(file, `${labels.join('.')}: ${problem}`);
    else report(file, `${kind} ${labels.join('.')}: schemas.json has no ${labels[0]}; when it exists, run node schemas.mjs`);
  }
  for (const [file, problem] of await checkReferences(blocks, schemas)) report(file, problem);
  for (const problem of await checkExample(path, blocks)) report('terraform.tfvars.example', problem);
  const count = kind => blocks.filter(block => block.kind === kind).length;
  console.log(`${path}: ${count('resource')} resources, ${count('data')} data sources, ${count('variable')} variables, ${count('output')} outputs`);
}
process.exitCode = wrong === 0 ? 0 : 1;

function report(file, problem) {
  console.log(`${file}: ${problem}`);
  wrong++;
}
