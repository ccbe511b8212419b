-- The till that has a payment stood under the name of the till that made its link: no such row could be
-- read.

UPDATE loose
SET row = replace(row, '"state":"elsewhere","till":', '"state":"elsewhere","taken_by":')
WHERE state = 'elsewhere';
