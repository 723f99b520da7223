// Drives the local cloud with Google's own clients, signed in by their own AWS federation.
import { BigQuery } from '@google-cloud/bigquery';
import { Storage } from '@google-cloud/storage';
import { ExternalAccountClient, GoogleAuth } from 'google-auth-library';
import { readFile } from 'node:fs/promises';

const config = JSON.parse(await readFile(process.env.GOOGLE_WIF_CONFIG, 'utf8'));
const authClient = ExternalAccountClient.fromJSON(config);
authClient.scopes = ['https://www.googleapis.com/auth/cloud-platform'];
const token = await authClient.getAccessToken();
if (!token.token) throw new Error('no token');

const projectId = 'node-project';
const auth = new GoogleAuth({ authClient, projectId });
const storage = new Storage({ projectId, apiEndpoint: process.env.STORAGE_EMULATOR_HOST, useAuthWithCustomEndpoint: true, authClient: auth });
const bigquery = new BigQuery({ projectId, apiEndpoint: process.env.BIGQUERY_EMULATOR_HOST, authClient: auth });

const rows = Array.from({ length: 1000 }, (_, i) => `${i},name ${i},2026-11-0${1 + i % 9}`).join('\n');
const bucket = storage.bucket('node-bucket');
await bucket.create();
const file = bucket.file('in/people.csv');
await file.save('id,name,day\n' + rows + '\n', { resumable: true, validation: 'crc32c' });
const [back] = await file.download({ validation: 'crc32c' });
const [files] = await bucket.getFiles({ prefix: 'in/' });
let refused = null;
try {
  await file.save('x', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
} catch (e) {
  refused = e.code;
}

const dataset = bigquery.dataset('people');
await dataset.create();
const [table] = await dataset.createTable('people', { schema: 'id:INTEGER,name:STRING,day:DATE' });
const [load] = await table.load(file, { sourceFormat: 'CSV', skipLeadingRows: 1 });
const [metadata] = await table.getMetadata();
const [counted] = await bigquery.query('SELECT COUNT(*) AS n, SUM(id) AS total FROM `node-project.people.people`');
let duplicate = null;
const job = { jobId: 'the-one-job', configuration: { query: { query: 'SELECT 1', useLegacySql: false } } };
await bigquery.createJob(job);
try {
  await bigquery.createJob(job);
} catch (e) {
  duplicate = e.code;
}

console.log(JSON.stringify({
  bytes: back.length,
  files: files.map(f => f.name),
  refused,
  loaded: load.statistics.load.outputRows,
  rows: metadata.numRows,
  n: counted[0].n,
  total: counted[0].total,
  duplicate,
}));
