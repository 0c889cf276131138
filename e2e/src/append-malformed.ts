// A process of its own that appends, under the keys given, what is not of the contract:
//   node e2e/dist/append-malformed.js <data directory> <key>...
// The log is that of the services: RINGSIDE_EVENT_LOG, or the one in the data directory.
import { uuidv7 } from '@ringside/core';
import { openEventLog } from '@ringside/drivers';
import { reportsTopic } from '@ringside/events';

const [dataDirectory = '', ...keys] = process.argv.slice(2);
const log = await openEventLog(process.env['RINGSIDE_EVENT_LOG'] ?? 'embedded:', { dataDirectory });
const bytes = Buffer.from('{"type":"ReportFiled","data":');
await log.append(keys.map((key) => ({ topic: reportsTopic.topic, key, id: uuidv7(), bytes })));
await log.close();
