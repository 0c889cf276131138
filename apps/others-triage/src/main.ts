import * as drivers from '@ringside/drivers';
import { runService } from '@ringside/platform';
import { service } from '@ringside/triage-service';

await runService(service, drivers);
