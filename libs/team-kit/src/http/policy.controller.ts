import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import type { Clause, CaseworkPolicy } from '@ringside/casework';
import { sanctionKinds, type SanctionKind } from '@ringside/events';

import { CASEWORK_POLICY } from './tokens.js';

class ClauseDto {
  @ApiProperty({ description: 'What a decision names', example: 'fair-play/2.1' })
  clause!: string;

  @ApiProperty({ description: 'What it forbids' })
  title!: string;

  @ApiProperty({ description: 'Where the rules say so', example: 'Fair play rules, section 2.1' })
  provision!: string;

  @ApiProperty({ enum: ['DECISION_GROUND_INCOMPATIBLE_CONTENT', 'DECISION_GROUND_ILLEGAL_CONTENT'] })
  ground!: string;

  @ApiProperty({ description: 'Category of the DSA Transparency Database', example: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC' })
  category!: string;

  @ApiPropertyOptional({ description: 'The law that is broken, where the ground is illegality' })
  law?: string;
}

class PolicyDto {
  @ApiProperty({ example: 'cheating' })
  team!: string;

  @ApiProperty({ type: [ClauseDto], description: 'Clauses that are known: a decision may name another one' })
  clauses!: ClauseDto[];

  @ApiProperty({ type: [String], enum: sanctionKinds, description: 'What this team may impose' })
  sanctionKinds!: readonly SanctionKind[];

  @ApiProperty({ type: 'integer', minimum: 1, description: 'How long a claim lasts without being renewed' })
  leaseMinutes!: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'How long a proposed decision waits for its approver' })
  proposalHours!: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'How long a decision that imposes something counts as a strike' })
  strikeDays!: number;
}

/** What the team's cases are worked by: what a decision may name and impose. */
@ApiTags('casework')
@Controller('v1/policy')
export class PolicyController {
  constructor(@Inject(CASEWORK_POLICY) private readonly policy: CaseworkPolicy) {}

  @Get()
  @ApiOperation({ operationId: 'getPolicy', summary: 'The clauses, sanctions and terms of this team.' })
  @ApiOkResponse({ type: PolicyDto })
  get(): PolicyDto {
    const { team, clauses, sanctionKinds: kinds, leaseMinutes, proposalHours, strikeDays } = this.policy;
    const named = Object.entries(clauses).map(([clause, about]) => clauseOf(clause, about));
    return { team, clauses: named, sanctionKinds: kinds, leaseMinutes, proposalHours, strikeDays };
  }
}

const clauseOf = (clause: string, { title, provision, ground, category, law }: Clause): ClauseDto => ({
  ...{ clause, title, provision, ground, category },
  ...(law === undefined ? {} : { law }),
});
