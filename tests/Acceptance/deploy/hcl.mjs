// Terraform files as data: HashiCorp's own parser, and the blocks of a module by kind.
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import hcl2json from '@cdktf/hcl2json';

const { getReferencesInExpression, parse } = hcl2json;

/** The blocks of a .tf file, or of a folder's: { kind, labels, body, file }. A body has attributes as values, blocks as arrays of bodies, and expressions as "${…}". */
export async function blocksOf(path) {
  const files = (await stat(path)).isDirectory() ? (await readdir(path)).filter(name => name.endsWith('.tf')).sort().map(name => join(path, name)) : [path];
  if (files.length === 0) throw new Error(`${path} has no .tf file.`);
  const blocks = [];
  for (const file of files) {
    const parsed = await parse(basename(file), await readFile(file, 'utf8'));
    for (const [kind, content] of Object.entries(parsed)) for (const [labels, body] of labelled(content, labelsOf[kind] ?? 0)) blocks.push({ kind, labels, body, file: basename(file) });
  }
  return blocks;
}

const labelsOf = { resource: 2, data: 2, variable: 1, output: 1, module: 1, provider: 1 };

function labelled(content, depth, labels = []) {
  return depth === 0 ? content.map(body => [labels, body]) : Object.entries(content).flatMap(([label, inner]) => labelled(inner, depth - 1, [...labels, label]));
}

/** A file of values alone; null when there is none. */
export async function bodyOf(file) {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : parse(basename(file), text);
}

/** What a text refers to: paths such as ["var", "name"] or ["aws_sqs_queue", "objects", "0", "arn"]; "*" stands for every instance. */
export async function referencesOf(text) {
  const found = (await getReferencesInExpression('expression', text)).map(reference => reference.value.replaceAll('"', '').split('.'));
  // The parser stops before the star.
  const starred = [...text.matchAll(/([\w.]+)\[\*\]\.(\w+)/g)].map(([, before, attribute]) => [...before.split('.'), '*', attribute]);
  return [...found.filter(path => !starred.some(star => star.slice(0, path.length).join() === path.join())), ...starred];
}

/** Every text of a body, with where it is: ["policy", "${…}"]. */
export function* textsOf(body, path = []) {
  if (typeof body === 'string') yield [path, body];
  else if (body && typeof body === 'object') for (const [key, value] of Object.entries(body)) yield* textsOf(value, Array.isArray(body) ? path : [...path, key]);
}
