// Drives the local cloud with Google's own clients, signed in by their own AWS federation.
import { BigQuery } from '@google-cloud/bigquery';
import { Storage } from '@google-cloud/storage';
import { GoogleAuth } from 'google-auth-library';

const { STORAGE_EMULATOR_HOST, BIGQUERY_EMULATOR_HOST, GOOGLE_WIF_CONFIG } = process.env;
// Set, these would make the clients leave the sign-in out.
delete process.env.STORAGE_EMULATOR_HOST;
delete process.env.BIGQUERY_EMULATOR_HOST;

const options = { projectId: 'node-project', keyFilename: GOOGLE_WIF_CONFIG, useAuthWithCustomEndpoint: true };
const storage = new Storage({ ...options, apiEndpoint: STORAGE_EMULATOR_HOST });
const bigquery = new BigQuery({ ...options, apiEndpoint: BIGQUERY_EMULATOR_HOST });
const auth = new GoogleAuth({ keyFilename: GOOGLE_WIF_CONFIG, scopes: 'https://www.googleapis.com/auth/cloud-platform' });

const rows = Array.from({ length: 1000 }, (_, i) => `${i},name ${i},2026-11-0${1 + i % 9}`).join('\n');
const bucket = storage.bucket('node-bucket');
await bucket.create();
const file = bucket.file('in/people.csv');
// The client starts a session without the sign-in when its endpoint is another, so the session is started here; sending is the client's.
const session = await auth.request({ url: `${STORAGE_EMULATOR_HOST}/upload/storage/v1/b/node-bucket/o?uploadType=resumable&name=in/people.csv`, method: 'POST', data: {} });
const uri = session.headers.get ? session.headers.get('location') : session.headers.location;
await file.save('id,name,day\n' + rows + '\n', { resumable: true, uri, validation: 'crc32c' });
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
