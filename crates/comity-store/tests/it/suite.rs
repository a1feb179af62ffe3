//! The promises of the port, each a function over a fresh store, so that every backend keeps the same ones.

pub(crate) mod arrivals;
pub(crate) mod conduct;
pub(crate) mod contacts;
pub(crate) mod feeds;
pub(crate) mod holdings;
pub(crate) mod journal;
pub(crate) mod node;
pub(crate) mod outbox;
pub(crate) mod record;
pub(crate) mod releases;
pub(crate) mod settlement;

/// Makes a test of each promise. `$fresh` is a function that gives something with a field `store`.
macro_rules! every_promise {
    ($fresh:path) => {
        $crate::suite::promises! { $fresh;
            node {
                a_node_is_made_once
                a_partner_is_unconfirmed_until_somebody_confirms_it
                a_descriptor_is_replaced_only_by_a_later_one
                a_handle_belongs_to_one_party
                an_officers_name_is_taken_once
                the_text_of_an_agreement_that_both_signed_never_changes
                an_agreement_is_numbered_once_for_all_its_versions
                a_draft_gives_way_to_another_text_and_the_journal_says_which
            }
            journal {
                lines_are_numbered_in_order_and_read_back
                a_transaction_that_fails_leaves_no_line
                a_hundred_transactions_at_once_all_land
                equal_lines_have_different_leaves
                every_write_is_seen_in_the_generation
                every_line_is_in_the_log_as_soon_as_it_is_written
                the_tiles_of_the_journal_are_those_of_its_lines
                a_checkpoint_of_the_journal_never_goes_back
                a_reader_of_the_journal_goes_on_where_it_stopped
            }
            contacts {
                a_contact_is_numbered_and_reads_back_as_it_was_entered
                a_report_is_written_once_by_each_template
            }
            feeds {
                a_feed_reads_back_as_it_was_added
                a_feed_is_pulled_by_one_at_a_time
                what_came_of_a_feed_is_counted_and_its_position_kept
                a_feed_holds_what_it_may_also_after_it_was_removed_and_added_again
                no_collection_of_a_feed_takes_what_the_others_may_need
                who_looks_at_a_feed_sees_since_when_it_is_pulled
            }
            holdings {
                an_import_repeated_changes_nothing
                a_version_is_never_overwritten
                a_later_version_is_kept_from_who_brought_the_first_or_from_the_house
                readers_get_the_newest_version_whatever_came_first
                an_object_that_comes_back_never_replaces_the_original
                one_instant_is_one_version_however_it_is_written
                pages_follow_each_other_without_a_gap_or_a_double
                every_condition_of_a_query_holds
                what_speaks_of_an_object_is_found_by_its_id
                a_word_is_found_by_its_beginning_whatever_its_case_and_accents
                operators_in_a_search_are_text
                what_is_staged_is_seen_by_nobody_until_it_is_published
                what_was_staged_for_a_refused_statement_is_gone
                third_party_whose_an_object_is_follows_from_what_readers_get
                two_versions_in_one_release_are_counted_and_the_later_is_read
                staging_again_after_a_crash_keeps_one_of_each
                an_object_published_late_is_on_a_later_page
                counts_count_each_object_once
                one_partys_objects_are_not_taken_for_anothers
            }
            releases {
                folios_count_up_in_each_year
                what_was_composed_is_read_back_exactly
                approvals_bind_to_the_digest_and_to_one_officer_each
                a_derivative_is_found_again_and_never_forked
                what_was_lost_is_found_by_what_has_to_do_with_it
                what_was_lost_goes_with_the_last_copy_of_its_version
            }
            conduct {
                what_may_not_be_said_while_the_agreement_rests_is_not_sealed
                nothing_is_issued_before_what_was_said_about_the_agreement
                a_partner_says_of_the_agreement_what_follows_from_its_own_words
                a_version_is_cited_from_its_activation_until_the_next
                the_highest_version_that_a_channel_cited_is_remembered
            }
            record {
                each_statement_follows_the_one_before
                the_tree_proves_every_statement
                a_channel_never_goes_back_in_time
                a_release_is_sealed_once_and_only_as_it_was_approved
                a_proposal_gets_its_folio_inside_its_payload
                a_seal_that_fails_uses_up_nothing
                a_receipt_answers_only_what_is_due
                a_checkpoint_has_no_place_in_the_log
                a_decision_needs_an_open_proposal
                the_journal_names_the_place
                nothing_is_cosigned_that_was_not_consumed
            }
            outbox {
                signatures_attach_in_order_and_once
                no_checkpoint_covers_an_unsigned_statement
                nothing_unsigned_is_passed_over
                the_cursor_moves_forward_over_what_was_delivered
                a_rewound_outbox_sends_again
                a_pouch_once_made_is_remembered
                a_courier_takes_what_nobody_answered_and_once_what_is_new
            }
            arrivals {
                a_pouch_that_is_known_stays_as_it_is
                a_refused_pouch_may_come_again
                what_is_refused_stands_in_the_way_until_something_goes_through
                one_statement_that_is_refused_again_and_again_is_named_whatever_else_comes
                a_consumed_pouch_is_closed_for_good
                an_early_statement_waits_for_its_turn
                the_place_of_a_statement_tells_repeat_replay_and_equivocation_apart
                a_statement_is_consumed_once_and_in_order
                a_refused_statement_uses_its_place
                the_mirror_has_the_senders_root
                the_inbox_tells_what_became_of_each
                the_largest_numbers_of_a_partner_do_no_harm
                a_proposal_and_its_decision_cross
            }
            settlement {
                a_release_is_settled_by_receipt_and_cosignature_together
                a_later_cosignature_settles_what_was_answered_before
                the_outcome_decides_how_it_is_settled
                the_first_answer_stays
                an_answer_to_something_else_changes_nothing
                an_answer_to_nothing_is_consumed_before_anything_was_said
                both_sides_count_the_same
            }
        }
    };
}
pub(crate) use every_promise;

macro_rules! promises {
    ($fresh:path; $($area:ident { $($promise:ident)+ })+) => {
        $(mod $area {
            $(#[tokio::test]
            async fn $promise() {
                let fresh = $fresh();
                $crate::suite::$area::$promise(&fresh.store).await;
            })+
        })+
    };
}
pub(crate) use promises;
