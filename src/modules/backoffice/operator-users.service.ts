import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Page, readPage } from '../../common/paging/page.js';
import { AccountStatusService } from '../auth/account-status.service.js';
import { toUserResponse } from '../users/dto/user-response.dto.js';
import { User } from '../users/entities/user.entity.js';
import { toKey } from '../users/identifier.js';
import type { ListUsersDto, OperatorUserDto } from './dto/operator-views.dto.js';

/** Users as operators see them. */
@Injectable()
export class OperatorUsersService {
  constructor(
    private readonly database: DataSource,
    private readonly status: AccountStatusService,
  ) {}

  list({ q, status, ...page }: ListUsersDto): Promise<Page<OperatorUserDto>> {
    const query = this.database.manager.createQueryBuilder(User, 'user');
    const part = `%${toKey(q ?? '').replace(/[\\%_]/g, String.raw`\$&`)}%`;
    if (q) query.andWhere('(user.usernameKey LIKE :part OR user.emailKey LIKE :part)', { part });
    if (status) query.andWhere(`user.deactivatedAt IS ${status === 'active' ? '' : 'NOT '}NULL`);
    return readPage(query, page, toOperatorUser);
  }

  async deactivate(id: string): Promise<OperatorUserDto> {
    return toOperatorUser(await this.status.deactivate(id));
  }

  async reactivate(id: string): Promise<OperatorUserDto> {
    return toOperatorUser(await this.status.reactivate(id));
  }
}

function toOperatorUser(user: User): OperatorUserDto {
  return Object.assign(toUserResponse(user), { deactivated_at: user.deactivatedAt?.toISOString() ?? null });
}
