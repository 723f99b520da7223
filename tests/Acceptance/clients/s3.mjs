// Drives the local cloud with AWS's own client.
import { S3Client, CreateBucketCommand, PutObjectCommand, GetObjectCommand, ListObjectsV2Command, HeadObjectCommand } from '@aws-sdk/client-s3';

const client = new S3Client({ forcePathStyle: true });
await client.send(new CreateBucketCommand({ Bucket: 'node-s3' }));
for (let i = 0; i < 5; i++)
  await client.send(new PutObjectCommand({ Bucket: 'node-s3', Key: `in/ファイル ${i}.csv`, Body: `a,b\n${i},2\n` }));
const first = await client.send(new ListObjectsV2Command({ Bucket: 'node-s3', Prefix: 'in/', MaxKeys: 3 }));
const second = await client.send(new ListObjectsV2Command({ Bucket: 'node-s3', Prefix: 'in/', ContinuationToken: first.NextContinuationToken }));
const head = await client.send(new HeadObjectCommand({ Bucket: 'node-s3', Key: 'in/ファイル 4.csv' }));
const part = await client.send(new GetObjectCommand({ Bucket: 'node-s3', Key: 'in/ファイル 4.csv', Range: 'bytes=4-6', IfMatch: head.ETag }));
let changed = null;
try {
  await client.send(new GetObjectCommand({ Bucket: 'node-s3', Key: 'in/ファイル 4.csv', IfMatch: '"no"' }));
} catch (e) {
  changed = e.$metadata.httpStatusCode;
}
let denied = null;
try {
  const wrong = new S3Client({ forcePathStyle: true, credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: 'wrong', sessionToken: process.env.AWS_SESSION_TOKEN } });
  await wrong.send(new ListObjectsV2Command({ Bucket: 'node-s3' }));
} catch (e) {
  denied = e.name;
}
console.log(JSON.stringify({ keys: [...first.Contents, ...second.Contents].map(c => c.Key), part: await part.Body.transformToString(), changed, denied }));
