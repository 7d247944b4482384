"""A part of PromQL, evaluated as Prometheus does it, over series that are given as arrays.

``promql_parser`` reads the expression; here it is computed for all steps of a query at once. What is left out
(subqueries, histograms, group_left) is refused in words and never answered wrongly.
"""
