import { attachmentRow, caseIdOf, evidenceRow, type Attachment } from '@ringside/casework';
import { reportEvidenceTopic, type ReportEvidenceFiled } from '@ringside/events';
import type { Reaction } from '@ringside/team-kit';
import { handOverEvidence, isHandedOver, triageRules } from '@ringside/triage-domain';

/**
 * Evidence follows its report to the team that a triager gave it to. The report and its evidence come by two topics, in
 * either order: whichever comes second finds the other one in the views.
 */
export const evidenceFollowsItsReport: Reaction = {
  name: 'EvidenceFollowsItsReport',
  // The report was rerouted in one region; its evidence is where it was filed, and stays there under its new reason as well.
  runs: 'everywhere',
  publishes: [reportEvidenceTopic.topic],
  concerns: (event) => {
    if (event.type === 'ReportRerouted') return isHandedOver(event.data.priorReasons[0]!, event.data.reason);
    return event.type === 'ReportEvidenceFiled' && triageRules.captures(event.data.reason);
  },
  react: async (event, { views, region, source }) => {
    if (event.type !== 'ReportRerouted' && event.type !== 'ReportEvidenceFiled') return [];
    const { game, subjectId, reportId } = event.data;
    const caseId = caseIdOf(triageRules.team, game, subjectId);
    const attachment = (await views.get(attachmentRow(caseId, reportId))) as Attachment | undefined;
    const evidence = (await views.get(evidenceRow(caseId, reportId))) as unknown as ReportEvidenceFiled['data'] | undefined;
    if (attachment === undefined || evidence === undefined) return [];
    if (!isHandedOver(attachment.firstReason, attachment.reason)) return [];
    return [handOverEvidence({ evidence, reason: attachment.reason, cause: event, region, source })];
  },
};
