import { stringify } from 'yaml';
import type { NetworkAdapter } from '../adapter/network.ts';
import { NetworkSection } from './network.ts';
import { ConfigFile } from './schema.ts';
import { type SchemaNode, schemaNode } from './schema-node.ts';

const intro = `# What the bridge does, and where. Every key that there is stands here.
#
# "# text" explains the key below it. "#key: value" is a key that may be left out: shown is what
# holds without it, or an example. Take the # away to change it.
#
# Secrets need not stand here: the environment variables DRAWBRIDGE_AS_TOKEN, DRAWBRIDGE_HS_TOKEN,
# DRAWBRIDGE_STORAGE_KEY and DRAWBRIDGE_NETWORKS_<ID>_<OPTION> go before, and each of them with
# _FILE at its end names a file to read it from.
`;

/** A config with these networks, printed from the schemas. One instance each, under its adapter's id. */
export function printSample(adapters: readonly NetworkAdapter[]): string {
  const { networks, ...sections } = schemaNode(ConfigFile).properties ?? {};
  return [
    intro,
    ...Object.entries(sections).map(([name, node]) => section(name, node)),
    `${comment(networks?.description)}networks:\n`,
    ...adapters.map((adapter) => indented(instance(adapter))),
  ].join('\n');
}

function instance(adapter: NetworkAdapter): string {
  const { adapter: name, options, ...rest } = schemaNode(NetworkSection).properties ?? {};
  const voices = { ...rest['voices'], default: adapter.voices };
  const command = { ...rest['command'], examples: [`!${adapter.id}`] };
  return [
    `${adapter.id}:\n`,
    indented(`${comment(name?.description)}adapter: ${adapter.id}\n`),
    indented(keys({ ...rest, voices, command }, [])),
    indented(comment(options?.description)),
    indented(section('options', { properties: {}, ...schemaNode(adapter.config) })),
  ].join('');
}

/** A group of keys. Its name stands without a #: a group in which nothing is set counts as left out. */
function section(name: string, node: SchemaNode, isRequired = true): string {
  const body = indented(keys(node.properties ?? {}, isRequired ? (node.required ?? []) : []));
  return `${comment(node.description)}${name}:\n${body}`;
}

const keys = (nodes: Readonly<Record<string, SchemaNode>>, required: readonly string[]): string =>
  Object.entries(nodes)
    .map(([key, node]) => entry(key, node, required.includes(key)))
    .join('');

function entry(key: string, node: SchemaNode, isRequired: boolean): string {
  if (node.properties) return section(key, node, isRequired);
  const lines = stringify({ [key]: shown(node) }, { nullStr: '', lineWidth: 0 }).trimEnd();
  return `${comment(node.description)}${isRequired ? lines : lines.replace(/^/gm, '#')}\n`;
}

/** What holds without it; where that is nothing, an example; else nothing. */
function shown({ default: value, examples }: SchemaNode): unknown {
  const isNothing = value === undefined || (Array.isArray(value) && value.length === 0);
  return (isNothing ? examples?.[0] : undefined) ?? value ?? null;
}

/** At most 96 letters a line. */
function comment(text = ''): string {
  const lines: string[] = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 92) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => `${line}\n`).join('');
}

const indented = (text: string) => text.replace(/^(?=.)/gm, '  ');
