import type { Result } from '@ringside/core';
import { err, ok } from '@ringside/core';
import { asyncApiDocument } from './async-api.js';
import { findingsOfSchema, type Contract, type Finding } from './findings.js';
import { sha256, versionName, type Publication } from './publication.js';
import { schemaDocument, textOf } from './schema-document.js';

/** What is to be committed beside the contract, with its new versions; or why a published version stands against it. */
export function publish(contract: Contract, publication: Publication): Result<Publication, readonly Finding[]> {
  const schemas = new Map(publication.schemas);
  const published = new Map(publication.published);
  const refusals: Finding[] = [];
  for (const definition of contract.definitions) {
    definition.versions.forEach((version, index) => {
      const name = versionName(definition.type, index + 1);
      const declared = textOf(schemaDocument(definition, index + 1, version));
      const lock = published.get(name);
      if (lock !== undefined && lock !== sha256(declared))
        refusals.push(...findingsOfSchema(definition, index + 1, publication));
      schemas.set(name, declared);
      published.set(name, sha256(declared));
    });
  }
  if (refusals.length > 0) return err(refusals);
  return ok({ ...publication, schemas, published, asyncApi: textOf(asyncApiDocument(contract)) });
}
