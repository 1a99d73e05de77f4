import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** Every name that an adapter may import. A new one is a decision: it can never be taken back. */
const listed: readonly string[] = [
  'AdapterState',
  'Adopted',
  'AdoptedPerson',
  'AdoptedPortal',
  'Adoption',
  'BridgeError',
  'BridgeErrorCode',
  'ChatInfo',
  'ChatView',
  'CommandCall',
  'Effect',
  'Encoded',
  'Found',
  'Handler',
  'Hint',
  'HistoryPage',
  'HistoryRequest',
  'Host',
  'LinkQuestion',
  'LinkWish',
  'Log',
  'LoginField',
  'LoginFlow',
  'LoginStep',
  'MatrixAction',
  'MatrixActionHandlers',
  'MatrixActionKind',
  'Media',
  'MediaRef',
  'Mention',
  'MessageBody',
  'MessageIds',
  'Network',
  'NetworkAdapter',
  'NetworkCommand',
  'NetworkSession',
  'Newest',
  'OperatorCall',
  'OperatorCommand',
  'OperatorFlag',
  'OwnVoice',
  'Part',
  'RemoteChatId',
  'RemoteEvent',
  'RemoteEventKind',
  'RemoteHint',
  'RemoteMessageId',
  'RemoteUserId',
  'SearchField',
  'SecurityLevel',
  'Sent',
  'Served',
  'Speaker',
  'Standing',
  'StateChange',
  'Stretch',
  'UserInfo',
  'Voice',
  'VoiceId',
  'fitsMask',
  'mediaRef',
  'remoteChatId',
  'remoteMessageId',
  'remoteUserId',
];

/** Without the standard library, as it takes a second to read and names of ours are not in it. */
function exported(file: string): readonly string[] {
  const program = ts.createProgram([file], {
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noEmit: true,
    noLib: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const symbol = source && checker.getSymbolAtLocation(source);
  return symbol
    ? checker
        .getExportsOfModule(symbol)
        .map(({ name }) => name)
        .sort()
    : [];
}

describe('#adapter', () => {
  it('exports what is listed here and nothing else', () => {
    expect(exported('src/adapter/index.ts')).toEqual(listed);
  });
});
