// Prints a Google access token for the caller's AWS identity.
import { ExternalAccountClient } from 'google-auth-library';
import { readFile } from 'node:fs/promises';

const client = ExternalAccountClient.fromJSON(JSON.parse(await readFile(process.env.GOOGLE_WIF_CONFIG, 'utf8')));
client.scopes = ['https://www.googleapis.com/auth/cloud-platform'];
console.log(JSON.stringify({ token: (await client.getAccessToken()).token }));
