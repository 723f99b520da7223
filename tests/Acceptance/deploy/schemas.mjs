// Writes schemas.json: the schemas of the resources and data sources that deploy/terraform uses, in the form of `terraform providers schema -json`.
// They are read from npm's @cdktf/provider-aws and @cdktf/provider-google, which were generated from the providers themselves. The packages
// are 70 MB, so what is needed of them is kept here. Run `node schemas.mjs` after using another resource, or for newer providers.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blocksOf } from './hcl.mjs';

const sources = { aws: '@cdktf/provider-aws@21.22.1', google: '@cdktf/provider-google@16.12.1' };
const here = import.meta.dirname;
const simpleTypes = { string: 'string', number: 'number', boolean: 'bool' };
const computedTypes = { String: 'string', Number: 'number', Boolean: 'bool', List: ['list', 'string'], StringMap: ['map', 'string'] };

const used = await blocksOf(join(here, '../../../deploy/terraform'));
const folder = await mkdtemp(join(tmpdir(), 'etl-schemas-'));
const result = { format_version: '1.0', provider_schemas: {} };
try {
  for (const [provider, source] of Object.entries(sources)) {
    const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--silent', '--json', source], { cwd: folder, encoding: 'utf8' }));
    execFileSync('tar', ['-xzf', filename], { cwd: folder });
    const unpacked = join(folder, 'package');
    const typesOf = kind => [...new Set(used.filter(b => b.kind === kind && b.labels[0].startsWith(provider + '_')).map(b => b.labels[0]))].sort();
    const schemasOf = async kind => Object.fromEntries(await Promise.all(typesOf(kind).map(async type => [type, await schemaOf(unpacked, provider, kind, type)])));
    const { cdktf } = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'));
    result.provider_schemas[`registry.terraform.io/hashicorp/${provider}`] = {
      version: cdktf.provider.version,
      source,
      resource_schemas: await schemasOf('resource'),
      data_source_schemas: await schemasOf('data'),
    };
    await rm(unpacked, { recursive: true });
  }
} finally {
  await rm(folder, { recursive: true });
}
// A resource a line, so that a change can be read.
const inLines = JSON.stringify(result, (key, value) => (value?.block && value.version === 0 ? `@${JSON.stringify(value)}@` : value), 1);
await writeFile(join(here, 'schemas.json'), inLines.replace(/"@(.*)@"/g, (_, line) => JSON.parse(`"${line}"`)) + '\n');

async function schemaOf(unpacked, provider, kind, type) {
  const name = (kind === 'data' ? `data-${provider}-` : '') + type.slice(provider.length + 1).replaceAll('_', '-');
  const path = await readFile(join(unpacked, 'lib', name, 'index.js'), 'utf8').then(() => name, () => `${kind === 'data' ? 'data-' : ''}${type.replaceAll('_', '-')}`);
  const [code, types] = await Promise.all(['index.js', 'index.d.ts'].map(file => readFile(join(unpacked, 'lib', path, file), 'utf8')));
  if (!code.includes(`tfResourceType = "${type}"`)) throw new Error(`${path} is not ${type}.`);
  const block = blockOf(code, types, code.indexOf('synthesizeHclAttributes() {'), types.match(/^export interface (\w+) extends cdktf\.TerraformMetaArguments/m)[1]);

  // What can be read and not set: the other getters of the resource's class. Which of those that can be set have a value of the provider's
  // own, the packages do not say; `id` always has.
  const main = code.slice(code.search(/^class \w+ extends cdktf\.Terraform(Resource|DataSource) /m));
  const known = name => name in block.attributes || name in block.block_types;
  for (const [, getter, name] of main.matchAll(/this\.get(\w+?)Attribute\('(\w+)'\)/g)) if (!known(name)) block.attributes[name] = { type: computedTypes[getter] ?? 'dynamic', computed: true };
  for (const [, name] of main.matchAll(/new (?:cdktf\.)?\w+\(this, "(\w+)"(?:, \w+)?\)/g)) if (!known(name)) block.attributes[name] = { type: 'dynamic', computed: true };
  if (block.attributes.id) block.attributes.id.computed = true;
  return { version: 0, block };
}

// A block's arguments: their kinds from the code, and which are required from the types.
function blockOf(code, types, start, interfaceName) {
  const attributes = {}, block_types = {};
  const list = code.slice(start, code.indexOf('// remove undefined attributes', start));
  const required = requiredOf(types, interfaceName);
  for (const [, name, value, isBlock, form, storage] of list.matchAll(/^ {8,12}(\w+): \{\s*value: ([^\n]+),\s*isBlock: (true|false),\s*type: "(\w+)",\s*storageClassType: "([^"]+)",/gm)) {
    const mapper = value.match(/(?<!\.)\b(\w+)ToHclTerraform/)?.[1];
    if (isBlock === 'true') {
      const many = value.includes('listMapperHcl');
      const inner = blockOf(code, types, code.indexOf(`function ${mapper}ToHclTerraform(`), mapper[0].toUpperCase() + mapper.slice(1));
      block_types[name] = { nesting_mode: form === 'struct' ? 'single' : form, block: inner, ...(many ? {} : { max_items: 1 }), ...(required.has(name) ? { min_items: 1 } : {}) };
    } else {
      attributes[name] = { type: typeOf(form, storage), [required.has(name) ? 'required' : 'optional']: true };
    }
  }
  return { attributes, block_types };
}

function requiredOf(types, interfaceName) {
  const start = types.indexOf(`export interface ${interfaceName} `);
  if (start < 0) throw new Error(`There is no interface ${interfaceName}.`);
  return new Set([...types.slice(start, types.indexOf('\n}', start)).matchAll(/\{@link \S+?#(\w+) [^}]*\}(?:(?!\*\/)[^])*\*\/\s*readonly \w+(\??):/g)].filter(m => m[2] === '').map(m => m[1]));
}

function typeOf(form, storage) {
  const of = simpleTypes[storage.replace(/(List|Map|Set)$/, '')] ?? 'dynamic';
  return form === 'simple' ? of : [form, of];
}
