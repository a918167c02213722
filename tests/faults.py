"""The hand-picked faults that `mutants.py` tries: one changed line each, and the test that must find it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        path: The file it is in, from the root of the tree.
        old: Text that occurs exactly once there.
        new: What stands in its place.
        target: What must fail, as pytest takes it.
    """

    path: str
    old: str
    new: str
    target: str

    @property
    def name(self) -> str:
        """Its file, and what it changes."""
        return f"{self.path}: {self.old.strip()} → {self.new.strip() or 'nothing'}"


MUTANTS = (
    # What core computes.
    Mutant("core/rnn.py", "da_t *= dh_t  # B2", "da_t[:] = dh_t  # B2", "tests/core/test_golden.py"),
    Mutant(
        "core/lstm.py",
        "add(multiply(dc_t, dh_t, dc_t), dc_next, dc_t)",
        "multiply(dc_t, dh_t, dc_t)",
        "tests/core/test_golden.py",
    ),
    Mutant("core/lstm.py", "da_f *= trace.c[:-1]", "da_f *= trace.c[1:]", "tests/core/test_golden.py"),
    Mutant(
        "core/lstm.py",
        'TORCH_GATES = ("i", "f", "g", "o")',
        'TORCH_GATES = ("i", "f", "o", "g")',
        "tests/core/test_golden.py",
    ),
    Mutant(
        "core/losses.py",
        "y_hat, y_hat - y",
        "y_hat, y - y_hat",
        "tests/core/test_losses.py::test_gradient_at_every_logit",
    ),
    Mutant("core/model.py", "dlogits /= B", "dlogits /= 1", "tests/core/test_model.py"),
    Mutant(
        "core/optim.py",
        "m_hat = m / (1 - self.beta1**t)",
        "m_hat = m",
        "tests/core/test_optim.py::test_adam_step_by_step_on_paper",
    ),
    Mutant(
        "core/train.py",
        "return clip_by_norm(grads, bound)",
        "return clip_by_value(grads, bound)",
        "tests/core/test_train.py::test_clipping_shortens_the_gradient",
    ),
    Mutant(
        "core/flow.py",
        "if not math.isfinite(largest) or largest * rest <= bound:",
        "if not math.isfinite(largest) or largest <= bound:",
        "tests/core/test_flow.py::test_clipping_by_norm_bounds_the_length_and_keeps_the_direction",
    ),
    Mutant(
        "core/jacobian.py",
        "np.matmul(P[t + 1], J[t], out=P[t])",
        "np.matmul(J[t], P[t + 1], out=P[t])",
        "tests/core/test_jacobian.py::test_the_running_product_is_sized_like_the_plain_product",
    ),
    Mutant(
        "core/factors.py",
        "arriving[k] += arriving[k + 1] @ J[k + 1]",
        "arriving[k] += arriving[k + 1] @ J[k]",
        "tests/core/test_factors.py::test_total_derivatives_are_summed_over_loss_steps_alone",
    ),
    Mutant(
        "core/chrono.py",
        'block(b, "i")[:] = -block(b, "f")',
        'block(b, "i")[:] = block(b, "f")',
        "tests/core/test_experiments.py::test_chrono_spreads_the_memories",
    ),
    Mutant("core/params.py", "if not finite.all():", "if np.isnan(floats).any():", "tests/core/test_finite.py"),
    Mutant(
        "core/retention.py",
        "@ model.cell.W_x + model.cell.b",
        "@ model.cell.W_x",
        "tests/core/test_retention.py::test_mixed_weighs_input_and_bias_against_the_old_state",
    ),
    Mutant(
        "core/experiments/running.py",
        "looks = np.random.default_rng([experiment.seed, 2])",
        "looks = np.random.default_rng([experiment.seed, 3])",
        "tests/core/test_experiments.py::test_evaluation_sees_other_sequences_than_training",
    ),
    # Grading.
    Mutant(
        "quiz/grading/grade.py",
        "if found and len(found.points) == 1 else",
        "if found else",
        "tests/quiz/grading/test_grade.py::test_a_probe_of_one_part_has_its_reply_and_one_of_several_has_none",
    ),
    Mutant(
        "quiz/grading/judges.py",
        "max(rel * abs(target), absolute) + 1e-12 * abs(target)",
        "max(rel * abs(target), absolute)",
        "tests/quiz/grading/test_grade.py::test_the_edge_of_the_tolerance_is_right",
    ),
    Mutant(
        "quiz/grading/judges.py",
        "min(known, key=lambda item: item[0])[1].reply",
        "known[0][1].reply",
        "tests/quiz/grading/test_grade.py::test_the_nearest_of_several_slips_replies",
    ),
    Mutant(
        "quiz/formula/formula.py",
        "entries * rng.choice((-1.0, 1.0), entries.shape) if sizes else entries",
        "entries",
        "tests/quiz/formula/test_formula.py::test_draws_are_seeded_positive_for_numbers_and_of_either_sign_for_arrays",
    ),
    Mutant(
        "quiz/formula/formula.py",
        "np.abs(expected).max()).all():",
        "np.abs(expected).max()).any():",
        "tests/quiz/formula/test_formula.py::test_another_formula_is_not_equal_and_says_by_how_much",
    ),
    # Practice.
    Mutant(
        "quiz/practice/schedule.py",
        "(card.weight if card else 0.0)",
        "(1.0 if card else 0.0)",
        "tests/quiz/practice/test_schedule.py::test_each_answer_weighs_twice_the_one_before",
    ),
    Mutant(
        "quiz/practice/schedule.py",
        "return attempt.recorded_at, attempt.key",
        'return attempt.recorded_at, ""',
        "tests/quiz/practice/test_schedule.py::test_attempts_of_one_moment_are_folded_by_key",
    ),
    Mutant(
        "quiz/practice/schedule.py",
        "due.astimezone(now.tzinfo).date() <= now.date()",
        "due.date() <= now.date()",
        "tests/quiz/practice/test_schedule.py::test_a_day_ends_at_the_learners_midnight",
    ),
    Mutant(
        "quiz/practice/schedule.py",
        "return now if card.answered_at - now > AHEAD else card.due",
        "return card.due",
        "tests/quiz/test_clock.py::test_a_miss_from_the_future_is_due_at_once",
    ),
    Mutant(
        "quiz/practice/schedule.py",
        'if verdict == "partial" or hints:',
        'if verdict == "partial":',
        "tests/quiz/practice/test_schedule.py::test_rating",
    ),
    Mutant(
        "quiz/practice/progress.py",
        "due_at(card, now).astimezone(now.tzinfo).date()",
        "due_at(card, now).date()",
        "tests/quiz/practice/test_progress.py::test_forecast_moves_a_card_across_midnight",
    ),
    Mutant(
        "quiz/practice/choosing.py",
        "FOLLOW_UPS = 2",
        "FOLLOW_UPS = 3",
        "tests/quiz/practice/test_choosing.py::test_two_misses_are_followed_up_and_a_third_is_not",
    ),
    Mutant(
        "quiz/practice/catalogue.py",
        "for name, card in cards.items() if name in entries}",
        "for name, card in cards.items()}",
        "tests/quiz/practice/test_choosing.py::test_a_question_that_left_the_bank_is_passed_over",
    ),
    # The store.
    Mutant(
        "quiz/store/rows.py",
        "return answered_at if newest is None or newest <= answered_at else min(newest + _MOMENT, END)",
        "return answered_at",
        "tests/quiz/test_clock.py::test_a_miss_is_not_hidden_by_an_answer_from_the_future",
    ),
    Mutant("quiz/store/rows.py", "if not known(connection, draft):", "if True:", "tests/quiz/store/test_store.py"),
    Mutant(
        "quiz/store/store.py",
        "rows.drop_draft(connection, attempt)",
        "pass",
        "tests/quiz/store/test_store.py::test_draft_is_kept_once_and_dropped_with_its_answer",
    ),
    Mutant(
        "quiz/attempt.py",
        'object.__setattr__(self, "asked_at", min(self.asked_at, self.answered_at))',
        "pass",
        "tests/quiz/test_clock.py::test_answer_before_its_question_took_no_time",
    ),
    # What pages compute.
    Mutant(
        "dashboard/kit/run/compute.py",
        "only_last[:-1] = 0",
        "only_last[:-1] *= 1",
        "tests/dashboard/kit/run/test_compute.py::test_reach_follows_the_last_loss_alone",
    ),
    Mutant(
        "dashboard/kit/run/compute.py",
        "step = T - len(rows) + 1 +",
        "step = T - len(rows) +",
        "tests/dashboard/kit/run/test_compute.py::test_the_step_that_exploded_is_named",
    ),
    Mutant(
        "dashboard/kit/run/compute.py",
        "int(bad[-1] if backwards else bad[0])",
        "int(bad[0])",
        "tests/dashboard/kit/run/test_compute.py::test_the_step_that_exploded_is_named",
    ),
    Mutant(
        "dashboard/kit/run/compute.py",
        "[settings.seed, model.KINDS.index(kind)]",
        "settings.seed",
        "tests/dashboard/lessons/memory/test_compute.py::test_inspector_opens_with_the_same_networks",
    ),
    Mutant(
        "dashboard/kit/run/compute.py",
        "running_product(jacobians).largest[1:]",
        "running_product(jacobians).largest[:-1]",
        "tests/dashboard/kit/run/test_compute.py::test_the_running_product_ends_at_the_last_step",
    ),
    Mutant(
        "dashboard/kit/run/compute.py",
        "if edit.kind != fresh.kind:",
        "if False:",
        "tests/dashboard/kit/run/test_compute.py::test_a_weight_set_by_hand_is_used",
    ),
    Mutant(
        "dashboard/lessons/bptt/compute.py",
        "-(global_norm(grads) ** 2)",
        "-global_norm(grads)",
        "tests/dashboard/lessons/bptt/test_compute.py",
    ),
    Mutant(
        "dashboard/lessons/compare/compute.py",
        "one.solved - two.solved >= CLEARLY",
        "one.solved - two.solved > CLEARLY",
        "tests/dashboard/lessons/compare/test_compute.py::test_ahead_is_two_more_solved_or_every_run_above_every_other",
    ),
    Mutant(
        "dashboard/lessons/compare/compute.py",
        "or one.low > two.high",
        "or one.middle > two.high",
        "tests/dashboard/lessons/compare/test_compute.py::test_ahead_is_two_more_solved_or_every_run_above_every_other",
    ),
    Mutant(
        "dashboard/lessons/compare/compute.py",
        "return max(found, default=None)",
        "return min(found, default=None)",
        "tests/dashboard/lessons/compare/test_compute.py::test_reach_is_the_longest_gap_of_three_in_five",
    ),
    Mutant(
        "dashboard/lessons/compare/compute.py",
        "2 * (s := at_gap(cell, gap, start)).solved > s.runs",
        "3 * (s := at_gap(cell, gap, start)).solved > s.runs",
        "tests/dashboard/lessons/compare/test_compute.py::test_reach_is_the_longest_gap_of_three_in_five",
    ),
    Mutant(
        "dashboard/lessons/compare/compute.py",
        "float(median(o.at[-1] for o in runs))",
        "float(median(o.at[0] for o in runs))",
        "tests/dashboard/lessons/compare/test_compute.py::test_time_of_a_short_run_is_that_of_its_last_step",
    ),
    Mutant(
        "dashboard/lessons/gates/compute.py",
        "apart / apart[at - 1])",
        "apart / apart[0])",
        "tests/dashboard/lessons/gates/test_compute.py::test_the_trained_rnn_keeps_neither_subject",
    ),
    Mutant(
        "dashboard/lessons/gates/compute.py",
        "f @ share, apart[1:]",
        "f.mean(1), apart[1:]",
        "tests/dashboard/lessons/gates/test_compute.py::test_what_is_left_is_the_distance_between_runs",
    ),
    Mutant(
        "dashboard/lessons/gates/compute.py",
        "found.direct[1:].max(axis=1)",
        "found.direct[1:].min(axis=1)",
        "tests/dashboard/lessons/gates/test_compute.py::test_large_weights_explode_although_the_gates_shrink",
    ),
    Mutant(
        "dashboard/lessons/gradients/compute.py",
        "parts[: len(parts) // 2].sum()",
        "parts[: len(parts) // 3].sum()",
        "tests/dashboard/lessons/gradients/test_compute.py::test_contributions_are_those_of_all_steps",
    ),
    Mutant(
        "dashboard/lessons/gradients/compute.py",
        "(np.abs(a) > EDGES[-1]).mean()",
        "(a > EDGES[-1]).mean()",
        "tests/dashboard/lessons/gradients/test_compute.py::test_histogram_holds_every_pre_activation",
    ),
    Mutant(
        "dashboard/lessons/gradients/compute.py",
        "float(slopes.slope_at(name, a).mean())",
        "float(curve.mean())",
        "tests/dashboard/lessons/gradients/test_compute.py::test_histogram_holds_every_pre_activation",
    ),
    Mutant(
        "dashboard/lessons/gradients/compute.py",
        "largest[1:]",
        "largest[:-1]",
        "tests/dashboard/lessons/gradients/test_compute.py::test_every_number_is_core_s",
    ),
    Mutant(
        "dashboard/lessons/lstm_cell/compute.py",
        'last = first if settings.span == "there" else None',
        "last = first",
        "tests/dashboard/lessons/lstm_cell/test_compute.py::test_what_is_held_is_held_where_it_was_asked_for",
    ),
    Mutant(
        "dashboard/lessons/lstm_cell/compute.py",
        "first = min(settings.at, T)",
        "first = settings.at",
        "tests/dashboard/lessons/lstm_cell/test_compute.py::test_a_shorter_sentence_or_cell_keeps_what_is_held_inside",
    ),
    Mutant(
        "dashboard/lessons/memory/compute.py",
        "np.concatenate(encode[1:], axis=1)",
        "np.concatenate(encode[1:2], axis=1)",
        "tests/dashboard/lessons/memory/test_compute.py::test_way_is_against_the_other_names",
    ),
    Mutant(
        "dashboard/lessons/memory/compute.py",
        '"language-rnn-orthogonal" if (task, start) == ("language", "orthogonal") else',
        '"language-rnn" if (task, start) == ("language", "orthogonal") else',
        "tests/dashboard/lessons/memory/test_compute.py::test_own_words_are_read_by_the_network_of_the_start",
    ),
    Mutant(
        "dashboard/lessons/memory/compute.py",
        "filler(Language.filler, MOST_FILLER)",
        "filler(Language.filler, MOST_FILLER)[::-1]",
        "tests/dashboard/lessons/memory/test_compute.py::test_fill_in_is_that_of_a_run",
    ),
)
