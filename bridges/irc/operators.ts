import { answersTo } from './commands/ask.ts';
import type { Connection } from './wire/connection.ts';
import type { Features } from './wire/isupport.ts';
import { buildLine, type Line, parseSource, type Source } from './wire/line.ts';

/** The operators of a channel at this moment, as the server says. @throws {BridgeError} */
export async function operatorsOf(
  connection: Connection,
  channel: string,
  signal: AbortSignal,
): Promise<readonly Source[]> {
  const { features } = connection.state;
  const isIts = ({ command, params }: Line) =>
    command === '353' && features.fold(params[2] ?? '') === features.fold(channel);
  const answers = await answersTo(connection, buildLine('NAMES', [channel]), signal);
  return answers
    .filter(isIts)
    .flatMap(({ params }) => (params[3] ?? '').split(' '))
    .flatMap((word) => operatorIn(word, features));
}

/** Where only the highest sign is shown, that of an owner means an operator as well. */
function operatorIn(word: string, { prefixSigns, prefixModes }: Features): readonly Source[] {
  const highest = prefixSigns.slice(0, prefixModes.indexOf('o') + 1);
  const end = [...word].findIndex((sign) => !prefixSigns.includes(sign));
  const isOperator = [...word.slice(0, Math.max(0, end))].some((sign) => highest.includes(sign));
  return isOperator ? [parseSource(word.slice(end))] : [];
}
