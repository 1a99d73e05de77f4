/** What somebody asked for on the command line. What cannot be understood ends the program, with how it is used. */
export function asked<T>(readOptions: (args: readonly string[]) => T, usage: string): T {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    process.exit(2);
  }
}
