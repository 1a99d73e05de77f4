import { asCorrection } from '../degrade.ts';
import { namedInMatrix } from '../mentions.ts';
import { withFile } from './files.ts';
import { linksOfTarget, type RemoteHandler, sayAs } from './work.ts';

/** Somebody changed what they had said. What their ghost did not say itself is corrected in words. */
export const edit: RemoteHandler<'edit'> = async (event, work) => {
  const { context, portal } = work;
  const [target] = await linksOfTarget(work, event.target);
  const isOwn = target?.sender === context.names.ghost(portal.network, event.sender);
  const named = await namedInMatrix(work, event.body);
  await sayAs(work, event.sender, async () =>
    target && isOwn
      ? {
          ...{ kind: 'edit', target: target.eventId, ...named },
          ...(await withFile(work, event.sender, event.body)),
        }
      : { kind: 'message', body: asCorrection(event.body) },
  );
  return [];
};
