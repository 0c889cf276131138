import * as drivers from '@ringside/drivers';
import { runService } from '@ringside/platform';
import { platformService } from '@ringside/ring-service';

await runService(platformService, drivers);
