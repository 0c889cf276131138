import * as drivers from '@ringside/drivers';
import { runService } from '@ringside/platform';
import { service } from '@ringside/abuse-service';

await runService(service, drivers);
