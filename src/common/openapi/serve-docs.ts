import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import { createDocument } from './openapi-document.js';

/** Serves the interactive docs at `/docs` and the document at `/docs-json`, which is made when first asked for. */
export function serveDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => createDocument(app), {
    jsonDocumentUrl: 'docs-json',
    useGlobalPrefix: false,
    raw: ['json'],
    customSiteTitle: 'Troupe API',
    swaggerOptions: { persistAuthorization: true },
  });
}
