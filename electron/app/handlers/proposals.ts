// Owns the commands that ask the network for proposals.
import type { proposalCommands } from '../../common/api/proposals.ts';
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';
import { follow, previewProposal, propose, viewProposal, type ProposalOutcome } from '../workflows/propose.ts';

type ProposalCommand = keyof typeof proposalCommands;

export function proposalHandlers(context: AppContext): Pick<Handlers, ProposalCommand> {
  const { proposalJobs, secondLooks } = context;
  return {
    'proposal:request': async ({ firstLook, ...input }) =>
      viewOutcome(await (firstLook ? secondLooks.request(context, input) : propose(context, input))),
    'proposal:refine': async ({ proposalId }) => {
      const outcome = await secondLooks.refine(proposalId);
      return outcome && viewOutcome(outcome);
    },
    'proposal:follow': async (input) => follow(context, input),
    'proposal:preview': async (input) => previewProposal(context, input),
    'proposal:prepare': async (input) => {
      proposalJobs.prepare(context, input);
      return {};
    },
    'proposal:start': async (input) => ({ frames: proposalJobs.start(context, input) }),
    'proposal:cancel': async () => {
      proposalJobs.cancel();
      return {};
    },
  };
}

function viewOutcome({ proposal, milliseconds, provider }: ProposalOutcome) {
  return { proposal: viewProposal(proposal), milliseconds, provider };
}
