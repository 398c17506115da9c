#pragma once

namespace winnow::trackers::linear
{

// The operations that are sent to Linear, valid by its published schema.

inline constexpr const char *kProbe = R"(query Probe {
  viewer { id name email }
  organization { id name urlKey }
  rateLimitStatus { kind limits { type allowedAmount remainingAmount requestedAmount period reset } }
})";

inline constexpr const char *kTeamSetup = R"(query TeamSetup($teamId: String!) {
  team(id: $teamId) {
    id key name timezone triageEnabled autoArchivePeriod
    defaultIssueState { id }
    states(first: 100) { nodes { id name type position } }
    labels(first: 250) { nodes { id name isGroup retiredAt } pageInfo { hasNextPage endCursor } }
    members(first: 250) { nodes { id name email active } pageInfo { hasNextPage endCursor } }
  }
  issuePriorityValues { priority label }
})";

inline constexpr const char *kIssueCreate = R"(mutation IssueCreate($input: IssueCreateInput!) {
  issueCreate(input: $input) { success issue { id identifier url updatedAt state { id name type } } }
})";

inline constexpr const char *kIssueById = R"(query IssueById($id: String!) {
  issue(id: $id) {
    id identifier previousIdentifiers url title updatedAt createdAt archivedAt trashed
    completedAt canceledAt startedAt autoClosedAt priority
    team { id key }
    state { id name type }
    assignee { id }
    labels(first: 50) { nodes { id name } }
    relations(first: 50) { nodes { type relatedIssue { id identifier } } }
    inverseRelations(first: 50) { nodes { type issue { id identifier } } }
  }
})";

inline constexpr const char *kSearchOpen = R"(query SearchOpen($term: String!, $filter: IssueFilter) {
  searchIssues(term: $term, first: 20, filter: $filter, includeComments: false) {
    totalCount
    nodes { id identifier title url state { id name type } }
  }
})";

inline constexpr const char *kCommentCreate = R"(mutation CommentCreate($input: CommentCreateInput!) {
  commentCreate(input: $input) { success comment { id url createdAt } }
})";

inline constexpr const char *kCommentById = R"(query CommentById($id: String!) {
  comment(id: $id) { id issueId body }
})";

inline constexpr const char *kAttachmentCreate = R"(mutation AttachmentCreate($input: AttachmentCreateInput!) {
  attachmentCreate(input: $input) { success attachment { id url } }
})";

inline constexpr const char *kFileUpload =
    R"(mutation FileUpload($contentType: String!, $filename: String!, $size: Int!) {
  fileUpload(contentType: $contentType, filename: $filename, size: $size) {
    success
    uploadFile { uploadUrl assetUrl headers { key value } }
  }
})";

inline constexpr const char *kIssueUpdate = R"(mutation IssueUpdate($id: String!, $input: IssueUpdateInput!) {
  issueUpdate(id: $id, input: $input) { success issue { id updatedAt state { id type } } }
})";

inline constexpr const char *kChangedSince = R"(query ChangedSince($filter: IssueFilter!, $after: String) {
  issues(first: 50, after: $after, filter: $filter, orderBy: updatedAt, includeArchived: true) {
    nodes {
      id identifier updatedAt archivedAt trashed completedAt canceledAt autoClosedAt priority
      state { id name type }
      relations(first: 10) { nodes { type relatedIssue { id identifier } } }
    }
    pageInfo { hasNextPage endCursor }
  }
})";

inline constexpr const char *kIssueHistoryPage = R"(query IssueHistoryPage($id: String!, $after: String) {
  issue(id: $id) {
    history(first: 50, after: $after) {
      nodes { id createdAt fromState { id name type } toState { id name type } fromPriority toPriority toSlaBreached archived trashed autoClosed }
      pageInfo { hasNextPage endCursor }
    }
  }
})";

}
