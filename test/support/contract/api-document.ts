import { readRepositoryFile } from '../repository-file.js';
import type { Schema } from './schemas.js';

export const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required?: boolean;
  readonly schema: Schema;
}

export type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

export interface ApiResponse {
  readonly $ref?: string;
  readonly content?: Content;
}

export interface Operation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, ApiResponse>>;
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, ApiResponse>>;
  };
}

/** One method of one path of the document. */
export interface Route {
  readonly method: string;
  /** With its parameters in braces: `/api/v1/flows/{id}`. */
  readonly path: string;
  readonly operation: Operation;
}

/** The document as committed; that the code says the same is checked elsewhere. */
export function readApiDocument(): ApiDocument {
  return JSON.parse(readRepositoryFile('openapi.json')) as ApiDocument;
}

export function routesOf({ paths }: ApiDocument): Route[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ method: method.toUpperCase(), path, operation }] : [];
    }),
  );
}
