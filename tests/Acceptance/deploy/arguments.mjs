// A body's arguments and blocks beside the provider's schema (https://developer.hashicorp.com/terraform/cli/commands/providers/schema).

// What every resource may have besides (https://developer.hashicorp.com/terraform/language/meta-arguments).
const meta = new Set(['count', 'for_each', 'depends_on', 'provider', 'lifecycle']);
const lifecycle = { create_before_destroy: [], prevent_destroy: [], ignore_changes: [], replace_triggered_by: [], precondition: ['condition', 'error_message'], postcondition: ['condition', 'error_message'] };

/** What is wrong with a resource's or data source's body. */
export function* checkBlock(block, body) {
  yield* checkBody(block, body, [], meta);
  for (const rules of body.lifecycle ?? [])
    for (const [rule, value] of Object.entries(rules))
      if (!(rule in lifecycle)) yield `lifecycle has no ${rule}`;
      else for (const needed of lifecycle[rule]) for (const one of value) if (!(needed in one)) yield `lifecycle ${rule} has no ${needed}`;
}

function* checkBody(block, body, path, besides = new Set()) {
  const at = name => [...path, name].join('.');
  const dynamic = body.dynamic ?? {};
  for (const [name, value] of Object.entries(body)) {
    if (besides.has(name) || name === 'dynamic') continue;
    if (name in block.attributes) yield* checkValue(block.attributes[name], value, at(name));
    else if (name in block.block_types) yield* checkBlocks(block.block_types[name], value, name, path);
    else yield `there is no argument ${at(name)}${nearest(name, [...Object.keys(block.attributes), ...Object.keys(block.block_types)])}`;
  }
  for (const [name, bodies] of Object.entries(dynamic)) {
    if (!(name in block.block_types)) yield `there is no block ${at(name)}`;
    else for (const { for_each, content } of bodies) {
      if (for_each === undefined) yield `dynamic ${at(name)} has no for_each`;
      yield* checkBlocks(block.block_types[name], content ?? [], name, path);
      if (!content) yield `dynamic ${at(name)} has no content`;
    }
  }
  for (const [name, { required }] of Object.entries(block.attributes)) if (required && !(name in body)) yield `${at(name)} is required`;
  for (const [name, { min_items }] of Object.entries(block.block_types)) if (min_items && !(name in body) && !(name in dynamic)) yield `a block ${at(name)} is required`;
}

function* checkBlocks(type, bodies, name, path) {
  const at = [...path, name].join('.');
  if (!Array.isArray(bodies) || bodies.some(body => typeof body !== 'object')) return yield `${at} is a block, and no argument: write it without =`;
  if (type.max_items && bodies.length > type.max_items) yield `there is more than one block ${at}`;
  for (const body of bodies) yield* checkBody(type.block, body, [...path, name]);
}

function* checkValue({ type, optional, required }, value, at) {
  if (!optional && !required) return yield `${at} cannot be set: the provider says what it is`;
  if (value === null || isExpression(value)) return;
  const [form] = Array.isArray(type) ? type : [type];
  const fits = {
    string: v => typeof v !== 'object',
    number: v => typeof v === 'number' || (typeof v === 'string' && v.trim() !== '' && Number.isFinite(Number(v))),
    bool: v => v === true || v === false || v === 'true' || v === 'false',
    list: Array.isArray,
    set: Array.isArray,
    map: v => typeof v === 'object' && !Array.isArray(v),
  }[form];
  if (fits && !fits(value)) yield `${at} is a ${form}, and ${JSON.stringify(value).slice(0, 60)} is none`;
}

const isExpression = value => typeof value === 'string' && value.startsWith('${') && value.endsWith('}');

function nearest(name, names) {
  const found = names.find(other => other.startsWith(name) || name.startsWith(other) || [...other].sort().join() === [...name].sort().join());
  return found ? `; is it ${found}?` : '';
}
