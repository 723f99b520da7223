// What a module's expressions refer to, and whether it is there; and what is declared and used by nothing.
import { join } from 'node:path';
import { bodyOf, referencesOf, textsOf } from './hcl.mjs';

const everywhere = new Set(['path', 'terraform', 'each', 'count', 'self']);
const kinds = { var: 'variable', data: 'data', module: 'module' };

/** Pairs of a file and what is wrong in it. */
export async function checkReferences(blocks, schemas) {
  const named = kind => new Map(blocks.filter(block => block.kind === kind).map(block => [block.labels.join('.'), block]));
  const declared = { resource: named('resource'), data: named('data'), variable: named('variable'), module: named('module') };
  const locals = new Map(blocks.filter(block => block.kind === 'locals').flatMap(block => Object.keys(block.body).map(name => [name, block])));
  const used = new Set();
  const problems = [];

  for (const block of blocks) {
    const where = [block.kind, ...block.labels].join('.');
    for (const [path, text] of textsOf(block.body)) {
      if ((block.kind === 'variable' && path[0] === 'type') || path[0] === 'ignore_changes' || !text.includes('${')) continue;
      const references = await referencesOf(text).catch(error => (problems.push([block.file, `${where} ${path.join('.')}: ${error.message}`]), []));
      for (const reference of references) {
        const problem = check(reference, block, path);
        if (problem) problems.push([block.file, `${where} ${path.join('.')}: ${reference.join('.')}: ${problem}`]);
      }
    }
  }
  for (const [name, { file }] of declared.variable) if (!used.has(`var.${name}`)) problems.push([file, `variable ${name} is used by nothing`]);
  for (const [name, { file }] of locals) if (!used.has(`local.${name}`)) problems.push([file, `local ${name} is used by nothing`]);
  for (const [name, { file }] of declared.data) if (!used.has(`data.${name}`)) problems.push([file, `data ${name} is used by nothing`]);
  return problems;

  function check(reference, block, path) {
    const [head, ...rest] = reference;
    if (head === 'each') return block.body.for_each === undefined ? 'there is no for_each' : rest[0] === 'key' || rest[0] === 'value' ? null : 'there is each.key and each.value';
    if (everywhere.has(head)) return null;
    // A dynamic block's own name, within its content.
    if (path.some((step, i) => step === 'dynamic' && path[i + 1] === head)) return rest[0] === 'key' || rest[0] === 'value' ? null : `there is ${head}.key and ${head}.value`;
    if (head === 'local') return find(locals, 'local', rest[0]);
    if (head === 'var' || head === 'module') return find(declared[kinds[head]], head, rest[0]);
    const kind = head === 'data' ? 'data' : 'resource';
    const [type, name, ...attribute] = kind === 'data' ? rest : reference;
    const target = declared[kind].get(`${type}.${name}`);
    if (!target) return 'it is not declared';
    used.add(`${kind}.${type}.${name}`);
    if (attribute.length === 0) return null;
    const many = target.body.count !== undefined || target.body.for_each !== undefined;
    const indexed = attribute[0] === '*' || /^\d+$/.test(attribute[0]) || target.body.for_each !== undefined;
    if (many !== indexed) return many ? 'it has count: say which one, [0] or [*]' : 'there is only one of it';
    const member = attribute[indexed ? 1 : 0];
    const { attributes, block_types } = schemas[kind][type]?.block ?? { attributes: {}, block_types: {} };
    return member === undefined || member in attributes || member in block_types ? null : `${type} has no ${member}`;
  }

  function find(names, head, name) {
    used.add(`${head}.${name}`);
    return names.has(name) ? null : 'it is not declared';
  }
}

/** What is wrong with the values beside a module that are there to be copied. */
export async function checkExample(folder, blocks) {
  const values = await bodyOf(join(folder, 'terraform.tfvars.example'));
  if (!values) return [];
  const variables = new Map(blocks.filter(block => block.kind === 'variable').map(block => [block.labels[0], block.body]));
  return [
    ...Object.keys(values).filter(name => !variables.has(name)).map(name => `there is no variable ${name}`),
    ...[...variables].filter(([name, body]) => !('default' in body) && !(name in values)).map(([name]) => `the variable ${name} has no default and no value`),
  ];
}
