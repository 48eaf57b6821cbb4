/** The demo's roles, groups and departments, with names that are usual in these countries. */
export const roles: { namespace: string; code: string; name: string; description: string }[] = [
  { namespace: 'default', code: 'admin', name: '系统管理员', description: '管理账号、角色和系统设置' },
  { namespace: 'default', code: 'auditor', name: 'Auditor', description: 'Reads everything, changes nothing' },
  { namespace: 'default', code: 'hr_manager', name: '人事经理', description: '维护员工档案' },
  {
    namespace: 'default',
    code: 'support_tier1',
    name: 'Support, first line',
    description: 'Answers tickets and looks people up',
  },
  {
    namespace: 'default',
    code: 'support_tier2',
    name: 'Support, second line',
    description: 'Corrects data on request',
  },
  { namespace: 'default', code: 'employee', name: '一般社員', description: '' },
  { namespace: 'default', code: 'contractor', name: '約聘人員', description: '依合約期間開放' },
  { namespace: 'finance', code: 'approver', name: '簽核主管', description: '簽核請款單' },
  { namespace: 'finance', code: 'cfo', name: '財務長', description: '' },
  { namespace: 'finance', code: 'accountant', name: '経理担当', description: '仕訳と支払い' },
  { namespace: 'finance', code: 'cashier', name: '出纳', description: '付款与收款' },
  {
    namespace: 'finance',
    code: 'auditor',
    name: 'Internal auditor',
    description: 'Same code as in the default permission space, but another role',
  },
];

export const groups: { code: string; name: string; description: string }[] = [
  { code: 'developers', name: 'Developers', description: 'Everyone with access to source code' },
  { code: 'designers', name: '设计师', description: '产品与品牌设计' },
  { code: 'all_hands', name: '全体员工', description: '' },
  { code: 'tokyo_office', name: '東京オフィス', description: '丸の内 12 階' },
  { code: 'taipei_office', name: '台北辦公室', description: '信義區' },
  { code: 'beijing_office', name: '北京办公室', description: '朝阳区' },
  { code: 'new_hires_2026', name: 'New hires 2026', description: 'Onboarding until December' },
  { code: 'oncall', name: 'On call', description: 'Paged at night' },
  { code: 'security_champions', name: 'Security champions', description: '' },
  { code: 'first_aiders', name: 'First aiders', description: '' },
  { code: 'managers', name: '管理職', description: '課長以上' },
  { code: 'remote', name: '遠端工作者', description: '' },
  { code: 'vendors', name: '外部供应商', description: '临时账号' },
  { code: 'alumni', name: 'Alumni', description: 'Left, but keep their mail for a year' },
  { code: 'beta_testers', name: 'ベータテスター', description: '' },
];

/** A tree in which each `>` is a level: 60 departments, four levels deep. */
export const organizations: { code: string; name: string; tree: string }[] = [
  {
    code: 'northwind-cn',
    name: '北风科技（中国）',
    tree: `研发中心:rd
> 平台部:platform
>> 后端组:backend
>>> 账号小组:accounts
>>> 支付小组:payments
>> 前端组:frontend
>>> 设计系统小组:design-system
>> 质量保障组:qa
> 数据部:data
>> 数据仓库组:warehouse
>> 算法组:ml
>>> 推荐小组:recsys
> 安全部:security
销售中心:sales
> 华北区:north
>> 北京组:beijing
>> 天津组:tianjin
> 华东区:east
>> 上海组:shanghai
>>> 浦东小组:pudong
>> 杭州组:hangzhou
职能中心:corporate
> 人力资源部:hr
>> 招聘组:recruiting
> 财务部:finance
> 法务部:legal`,
  },
  {
    code: 'northwind-jp',
    name: 'ノースウィンド株式会社',
    tree: `営業本部:sales
> 第一営業部:sales1
>> 首都圏課:kanto
>>> 東京チーム:tokyo
>>> 横浜チーム:yokohama
>> 関西課:kansai
> 第二営業部:sales2
>> 海外課:overseas
技術本部:engineering
> 開発部:development
>> 基盤課:platform
>>> 認証チーム:identity
>> アプリ課:apps
> 品質保証部:qa
管理本部:admin
> 人事部:hr
>> 採用課:recruiting
>>> 新卒チーム:graduates
> 経理部:accounting`,
  },
  {
    code: 'northwind-tw',
    name: '北風科技股份有限公司',
    tree: `產品處:product
> 設計部:design
>> 使用者研究組:research
> 產品管理部:pm
工程處:engineering
> 雲端部:cloud
>> 可靠度組:sre
>>> 值班小組:oncall
> 行動應用部:mobile
業務處:sales
> 企業客戶部:enterprise
>> 北區組:taipei
>> 南區組:kaohsiung
客服處:support
> 一線客服部:tier1`,
  },
];
