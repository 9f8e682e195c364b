// Owns the commands that ask the network for proposals.
import type { proposalCommands } from '../../common/api/proposals.ts';
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';
import { previewProposal, propose, viewProposal } from '../workflows/propose.ts';

type ProposalCommand = keyof typeof proposalCommands;

export function proposalHandlers(context: AppContext): Pick<Handlers, ProposalCommand> {
  const { proposalJobs } = context;
  return {
    'proposal:request': async (input) => {
      const { proposal, milliseconds, provider } = await propose(context, input);
      return { proposal: viewProposal(proposal), milliseconds, provider };
    },
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
