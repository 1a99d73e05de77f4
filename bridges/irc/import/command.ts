import type { OperatorCommand } from '#adapter';

/** Takes over what matrix-appservice-irc had. It reads there and writes nothing. */
export const importCommand: OperatorCommand = {
  name: 'import',
  summary: 'Take over config and data of matrix-appservice-irc',
  needs: ['old-config'],
  flags: [
    { flags: '--dry-run', description: 'say what would become of each row, and change nothing' },
    {
      flags: '--database <where>',
      description:
        'its PostgreSQL (postgres://…) or the folder of its NeDB files, if not as its config says',
    },
    { flags: '--key <file>', description: 'the key of its passwords, if not as its config says' },
    { flags: '--without-passwords', description: 'leave the passwords of users behind' },
  ],
  run: async (call) => (await import('./run.ts')).importFrom(call),
};
