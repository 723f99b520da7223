// Runs Terraform itself with providers that only have the schemas: `node standin.mjs FOLDER COMMAND...`, in FOLDER, such as `apply -auto-approve`.
// So Terraform's own types, functions, conditions and order are held, and what a plan comes to, with no registry and no cloud. Whatever a
// provider would say of a resource (its ARN) is made up here from its name.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { decode, encode, ExtData, ExtensionCodec } from '@msgpack/msgpack';
import { madeUp } from './madeup.mjs';

const here = import.meta.dirname;
const { Provider } = grpc.loadPackageDefinition(loadSync(join(here, 'provider.proto'), { keepCase: true, defaults: true })).tfplugin5;
const { provider_schemas } = JSON.parse(await readFile(join(here, 'schemas.json'), 'utf8'));

// A value that is not known yet is an extension of the encoding (https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md).
const unknown = new ExtData(0, new Uint8Array(1));
const extensionCodec = new ExtensionCodec();
extensionCodec.register({ type: 0, encode: value => (value === unknown ? unknown.data : null), decode: () => unknown });
extensionCodec.register({ type: 12, encode: () => null, decode: () => unknown });
const read = value => (value?.msgpack?.length ? decode(value.msgpack, { extensionCodec }) : null);
const write = value => ({ state: { msgpack: Buffer.from(encode(value, { extensionCodec })) } });

const reattach = {};
const servers = await Promise.all(Object.entries(provider_schemas).map(async ([address, schemas]) => {
  const server = new grpc.Server();
  server.addService(Provider.service, implementation(schemas));
  const port = await new Promise((resolve, reject) => server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))));
  reattach[address] = { Protocol: 'grpc', ProtocolVersion: 5, Pid: process.pid, Test: true, Addr: { Network: 'tcp', String: `127.0.0.1:${port}` } };
  return server;
}));

const [folder, ...command] = process.argv.slice(2);
const environment = { ...process.env, TF_REATTACH_PROVIDERS: JSON.stringify(reattach), TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
process.exitCode = await new Promise(resolve => spawn('terraform', command, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], env: environment }).on('exit', resolve));
servers.forEach(server => server.forceShutdown());

function implementation({ resource_schemas, data_source_schemas }) {
  const answer = body => ({ request }, done) => {
    try {
      done(null, body(request));
    } catch (error) {
      done({ code: grpc.status.INTERNAL, message: error.stack });
    }
  };
  const same = ({ value }) => ({ state: value });
  return {
    GetSchema: answer(() => ({ provider: { block: {} }, resource_schemas: all(resource_schemas), data_source_schemas: all(data_source_schemas) })),
    PrepareProviderConfig: answer(({ value }) => ({ prepared_config: value })),
    ValidateResourceTypeConfig: answer(() => ({})),
    ValidateDataSourceConfig: answer(() => ({})),
    Configure: answer(() => ({})),
    UpgradeResourceState: answer(({ raw_state }) => write(JSON.parse(raw_state.json))),
    ReadResource: answer(same),
    PlanResourceChange: answer(({ type_name, prior, next }) => write(read(next) && planned(resource_schemas[type_name].block, read(next), read(prior)))),
    ApplyResourceChange: answer(({ type_name, next }) => write(read(next) && applied(type_name, read(next)))),
    ReadDataSource: answer(({ type_name, value }) => write(found(type_name, read(value)))),
    Stop: answer(() => ({})),
  };
}

function all(schemas) {
  return Object.fromEntries(Object.entries(schemas).map(([type, { version, block }]) => [type, { version, block: message(block) }]));
}

function message({ attributes, block_types }) {
  return {
    attributes: Object.entries(attributes).map(([name, { type, ...rest }]) => ({ name, type: Buffer.from(JSON.stringify(type)), ...rest })),
    block_types: Object.entries(block_types).map(([type_name, { nesting_mode, block, min_items, max_items }]) => ({ type_name, block: message(block), nesting: nesting_mode.toUpperCase(), ...(nesting_mode === 'single' ? {} : { min_items, max_items }) })),
  };
}

// What is computed and was not given stays as it was, or will be known when it is there.
function planned(block, next, prior) {
  const computed = Object.entries(block.attributes).filter(([name, attribute]) => attribute.computed && next[name] == null);
  return { ...next, ...Object.fromEntries(computed.map(([name]) => [name, prior ? prior[name] : unknown])) };
}

function applied(type, planned) {
  return Object.fromEntries(Object.entries(planned).map(([name, value]) => [name, value === unknown ? madeUp(type, name, planned) : value]));
}

function found(type, config) {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, value ?? madeUp(type, name, config)]));
}
