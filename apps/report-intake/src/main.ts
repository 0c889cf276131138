import * as drivers from '@ringside/drivers';
import { reportIntake } from '@ringside/intake-service';
import { runService } from '@ringside/platform';

await runService(reportIntake, drivers);
