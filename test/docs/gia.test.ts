import { describe, expect, it } from 'vitest';
import { namedSchemas, openApi } from '../../gia/schemas/index.ts';

const printed = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** The files are compared; `-u` prints them again. */
describe('what is printed from the schemas', () => {
  it('is docs/gia/openapi.json', async () => {
    await expect(printed(openApi())).toMatchFileSnapshot('../../docs/gia/openapi.json');
  });

  it('is docs/gia/schemas/', async () => {
    for (const [id, schema] of Object.entries(namedSchemas((name) => `${name}.json`))) {
      const file = {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `${id}.json`,
        ...schema,
      };
      await expect(printed(file)).toMatchFileSnapshot(`../../docs/gia/schemas/${id}.json`);
    }
  });
});
